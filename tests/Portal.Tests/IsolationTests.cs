using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace OpenAIProxy.Portal.Tests;

/// <summary>Two organisers: neither sees nor changes the other's, by any route that the OpenAPI document has.</summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private const string Canary = "canary-of-ann";

    private readonly GatewayUnderTest gateway = new();
    private HttpClient ann = null!;
    private HttpClient bob = null!;
    private string attendee = "";
    private string key = "";

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        ann = await gateway.ApiOfOrganiserAsync("ann");
        bob = await gateway.ApiOfOrganiserAsync("bob");
        (await ann.SendAsync("POST", "/api/events", Managing.Event("anns", $$""", "description": "{{Canary}}", "entrance": "sharedSecret", "sharedSecret": "{{Canary}}-secret" """))).Status.ShouldBe(201);
        var issued = await ann.SendAsync("POST", "/api/events/anns/keys", $$"""{"user": "{{Canary}}-user"}""");
        (attendee, key) = (issued.Json.GetProperty("attendeeId").GetRawText(), issued.Json.GetProperty("id").GetRawText());
    }

    public ValueTask DisposeAsync()
    {
        ann.Dispose();
        bob.Dispose();
        return gateway.DisposeAsync();
    }

    [Fact]
    public async Task No_route_shows_or_changes_anothers_event()
    {
        var before = await StateAsync();

        foreach (var (method, template, path, body) in await RoutesAsync())
        {
            var answer = await bob.SendAsync(method, path, body, "*");

            answer.Body.ShouldNotContain(Canary, customMessage: $"{method} {template}");
            if (template.Contains("{code}", StringComparison.Ordinal))
                answer.Status.ShouldBe(404, $"{method} {template}: {answer.Body}");
            else if (IsAdministrators(template, method))
                answer.Status.ShouldBe(403, $"{method} {template}: {answer.Body}");
        }

        (await StateAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Every_route_asks_for_a_token()
    {
        foreach (var (method, template, path, body) in await RoutesAsync())
        {
            var answer = await gateway.Admin.SendAsync(method, path, body, "*");

            answer.Status.ShouldBe(401, $"{method} {template}");
            answer.Headers["Content-Type"].ShouldBe("application/problem+json");
        }
    }

    [Fact]
    public async Task No_route_is_on_the_public_listener()
    {
        foreach (var (method, template, path, body) in await RoutesAsync())
            (await gateway.Client.SendAsync(method, path, body, "*")).Status.ShouldBe(404, $"{method} {template}");
    }

    [Fact]
    public async Task The_owner_and_co_organisers_see_and_change_it()
    {
        (await ann.SendAsync("GET", "/api/events/anns")).Status.ShouldBe(200);
        (await bob.SendAsync("GET", "/api/events/anns")).Status.ShouldBe(404);
        (await ann.SendAsync("PUT", "/api/events/anns/organisers/bob")).Status.ShouldBe(200);

        (await bob.SendAsync("GET", "/api/events")).Json.GetProperty("total").GetInt64().ShouldBe(1);
        (await bob.SendAsync("POST", "/api/events/anns/pause")).Status.ShouldBe(200);

        (await ann.SendAsync("DELETE", "/api/events/anns/organisers/bob")).Status.ShouldBe(200);
        (await bob.SendAsync("GET", "/api/events/anns")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("role = 7, organiser = NULL")]
    [InlineData("organiser = NULL")]
    public async Task A_token_that_this_version_does_not_understand_opens_nothing(string change)
    {
        var token = await MakeOddTokenAsync(change);
        await using var again = await StartAgainAsync();

        (await again.ApiWith(token).SendAsync("GET", "/api/whoami")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task What_the_server_cannot_show_is_its_own_mistake_and_in_its_log()
    {
        await MakeOddTokenAsync("role = 7, organiser = NULL");
        await using var again = await StartAgainAsync();

        (await again.Api.SendAsync("GET", "/api/tokens")).Status.ShouldBe(500);

        again.Log.Lines.ShouldContain(l => l.StartsWith("Error OpenAIProxy.Portal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_revoked_token_opens_nothing_from_the_next_request_on()
    {
        var tokens = (await gateway.Api.SendAsync("GET", "/api/tokens?search=bob")).Json.GetProperty("items");
        (await bob.SendAsync("GET", "/api/whoami")).Json.GetProperty("organiser").GetString().ShouldBe("bob");

        (await gateway.Api.SendAsync("DELETE", $"/api/tokens/{tokens[0].GetProperty("id").GetRawText()}")).Status.ShouldBe(204);

        (await bob.SendAsync("GET", "/api/whoami")).Status.ShouldBe(401);
    }

    // As a hand at the database, or a later version, may have left it.
    private async Task<string> MakeOddTokenAsync(string change)
    {
        var token = (await gateway.Api.SendAsync("POST", "/api/tokens", """{"name":"odd","role":"organiser","organiser":"olga"}""")).Json.GetProperty("token").GetString()!;
        await gateway.StopAsync();
        await using var database = new SqliteConnection($"Data Source={Path.Combine(gateway.DataDirectory, "openai-proxy.db")};Pooling=False");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = $"UPDATE api_token SET {change} WHERE name = 'odd'";
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
        return token;
    }

    private Task<GatewayUnderTest> StartAgainAsync() =>
        new GatewayUnderTest { Settings = s => s with { Storage = s.Storage with { DataDirectory = gateway.DataDirectory } } }.StartAsync();

    private static bool IsAdministrators(string template, string method) =>
        template.StartsWith("/api/backends", StringComparison.Ordinal) || template.StartsWith("/api/deployments", StringComparison.Ordinal)
        || template.StartsWith("/api/tokens", StringComparison.Ordinal) || template.StartsWith("/api/configuration", StringComparison.Ordinal)
        || (template.StartsWith("/api/models", StringComparison.Ordinal) && method != "GET");

    // Everything that could have been changed, as the administrator sees it.
    private async Task<string> StateAsync()
    {
        var parts = new List<string>();
        foreach (var path in new[] { "/api/events/anns", "/api/events/anns/attendees", "/api/events/anns/limits", "/api/events/anns/keys", "/api/models?pageSize=500",
            "/api/backends", "/api/deployments", "/api/tokens", "/api/configuration", "/api/audit" })
            parts.Add((await gateway.Api.SendAsync("GET", path)).Body);
        return string.Join('\n', parts);
    }

    private async Task<List<(string Method, string Template, string Path, string? Body)>> RoutesAsync()
    {
        var document = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/openapi/v1.json")).RootElement;
        var routes = new List<(string, string, string, string?)>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
                routes.Add((operation.Name.ToUpperInvariant(), path.Name, Filled(path.Name), ExampleOf(operation.Value)));
        routes.Count.ShouldBeGreaterThan(40);
        return routes;
    }

    private string Filled(string template) => template
        .Replace("{code}", "anns", StringComparison.Ordinal)
        .Replace("{id}", template.Contains("/keys/", StringComparison.Ordinal) ? key : template.Contains("/tokens/", StringComparison.Ordinal) ? "1" : attendee, StringComparison.Ordinal)
        .Replace("{limit}", "1", StringComparison.Ordinal)
        .Replace("{model}", "gpt-4o", StringComparison.Ordinal)
        .Replace("{backend}", "simulator", StringComparison.Ordinal)
        .Replace("{name}", template.StartsWith("/api/backends", StringComparison.Ordinal) ? "simulator"
            : template.StartsWith("/api/models", StringComparison.Ordinal) || template.StartsWith("/api/deployments", StringComparison.Ordinal) ? "gpt-4o" : "bob", StringComparison.Ordinal);

    // The document's own examples are tried here too. Making an event is bob's right, so it is left out.
    private static string? ExampleOf(JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body))
            return null;
        var content = body.GetProperty("content").GetProperty("application/json");
        content.TryGetProperty("example", out var example).ShouldBeTrue($"{operation.GetProperty("summary")} has no example.");
        return operation.GetProperty("summary").GetString() == "Make an event" ? "{}" : example.GetRawText();
    }
}
