using System.Collections.Concurrent;
using System.Text.Json;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>The real server over the simulator, and every client, started when it is first used and kept: starting them is what takes time.</summary>
public sealed class Stage : IAsyncLifetime
{
    public const string Over = "finished";

    /// <summary>An event whose one request has been made.</summary>
    public const string Spent = "spent";

    /// <summary>An event that answers one request at a time.</summary>
    public const string Narrow = "narrow";

    private readonly ConcurrentDictionary<string, IClientProgram> programs = new(StringComparer.Ordinal);

    private RequestCounter? counter;

    public GatewayUnderTest Gateway { get; } = new();

    /// <summary>A key of an attendee of the event that is open.</summary>
    public string Key { get; private set; } = null!;

    /// <summary>A key that was revoked.</summary>
    public string RevokedKey { get; private set; } = null!;

    /// <summary>A key of an attendee of the event that is over.</summary>
    public string KeyOfOver { get; private set; } = null!;

    /// <summary>A key of an attendee of <see cref="Spent"/>.</summary>
    public string KeyOfSpent { get; private set; } = null!;

    /// <summary>A key of an attendee of <see cref="Narrow"/>.</summary>
    public string KeyOfNarrow { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Gateway.StartAsync();
        await Gateway.AddEventAsync(Over);
        Key = TextOf(await CreateKeyAsync("hackathon", "ann"));
        KeyOfOver = TextOf(await CreateKeyAsync(Over, "ann"));
        var revoked = await CreateKeyAsync("hackathon", "bob");
        RevokedKey = TextOf(revoked);
        (await Gateway.Api.SendAsync("DELETE", $"/api/events/hackathon/keys/{revoked.GetProperty("id").GetRawText()}")).Status.ShouldBe(204);
        await Gateway.ChangeEventAsync(e => e with { Start = new DateTime(2024, 3, 1), End = new DateTime(2024, 3, 2), State = EventState.Open }, Over);
        KeyOfSpent = await AddLimitedAsync(Spent, new Limit(0, LimitScope.Event, LimitUnit.Requests, LimitWindow.Event, 1));
        KeyOfNarrow = await AddLimitedAsync(Narrow, new Limit(0, LimitScope.Event, LimitUnit.InFlight, LimitWindow.Event, 1));
        (await Gateway.Client.AskAsync(Asking.Chat, Asking.Hello, $"{Spent}/bob")).Status.ShouldBe(200);
        counter = new RequestCounter(Gateway.Services);
    }

    /// <summary>How many requests have come to the server, answered or not.</summary>
    public int Requests => counter!.Count;

    internal IClientProgram ProgramOf(OfficialClient client) => programs.GetOrAdd(client.Name, _ => client.Start());

    public async ValueTask DisposeAsync()
    {
        foreach (var program in programs.Values)
            await program.DisposeAsync();
        counter?.Dispose();
        await Gateway.DisposeAsync();
    }

    private async Task<string> AddLimitedAsync(string code, Limit limit)
    {
        await Gateway.AddEventAsync(code);
        await Gateway.ChangeAsync(change => change.Limits.AddAsync(EventCode.Parse(code), limit));
        return TextOf(await CreateKeyAsync(code, "ann"));
    }

    private async Task<JsonElement> CreateKeyAsync(string code, string user) =>
        (await Gateway.Api.SendAsync("POST", $"/api/events/{code}/keys", $$"""{"user":"{{user}}"}""")).Json;

    private static string TextOf(JsonElement key) => key.GetProperty("key").GetString()!;
}
