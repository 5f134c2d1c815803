using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>
/// A server whose clock stands still a second before the end of a minute that has been used up: every try is told to wait for that
/// second, and none is let in. All clients ask at the same time, because they really wait; each in an event of its own, so that its tries can be counted.
/// </summary>
public sealed class ClosedMinute : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new() { Time = new ManualTime(new DateTimeOffset(2026, 3, 4, 12, 0, 59, TimeSpan.Zero)) };
    private readonly Dictionary<string, (string Code, string Credential)> events = [];
    private readonly Dictionary<string, Seen> seen = [];

    private IReadOnlyList<string> lines = [];

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        foreach (var client in OfficialClients.All)
            foreach (var endpoint in client.Endpoints)
                events.Add(NameOf(client.Name, endpoint.Shown), await AddEventAsync($"closed-{events.Count}", endpoint.HasKey));
        using var counter = new RequestCounter(gateway.Services);

        await Task.WhenAll(OfficialClients.All.SelectMany(c => c.Endpoints.Select(e => AskAsync(c, e))));

        // Each event has had one request before.
        lines = await gateway.Log.RequestsEndedAsync(events.Count + counter.Count);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    /// <summary>What the user of a client saw there, and how often it asked.</summary>
    internal (Seen Seen, int Requests) Of(string client, string endpoint)
    {
        var name = NameOf(client, endpoint);
        return (seen[name], lines.Count(l => l.Contains($" {events[name].Code} ", StringComparison.Ordinal)) - 1);
    }

    private static string NameOf(string client, string endpoint) => $"{client} {endpoint}";

    private async Task AskAsync(OfficialClient client, ClientEndpoint endpoint)
    {
        await using var program = (client.Hurried ?? client.Start)();
        var name = NameOf(client.Name, endpoint.Shown);
        var order = new Order("chat", endpoint.IsAzure, gateway.Client.BaseAddress!.ToString().TrimEnd('/') + endpoint.Path, events[name].Credential, "gpt-4o", "hello");
        var answer = await program.DoAsync(order);
        lock (seen)
            seen.Add(name, answer);
    }

    private async Task<(string Code, string Credential)> AddEventAsync(string code, bool hasKey)
    {
        await gateway.AddEventAsync(code);
        await gateway.ChangeAsync(change => change.Limits.AddAsync(EventCode.Parse(code), new Limit(0, LimitScope.Event, LimitUnit.Requests, LimitWindow.Minute, 1)));
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, $"{code}/bob")).Status.ShouldBe(200);
        if (!hasKey)
            return (code, $"{code}/ann");
        var key = await gateway.Api.SendAsync("POST", $"/api/events/{code}/keys", """{"user":"ann"}""");
        return (code, key.Json.GetProperty("key").GetString()!);
    }
}
