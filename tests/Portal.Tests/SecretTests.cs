namespace OpenAIProxy.Portal.Tests;

/// <summary>Secrets go in, and come out once where they were made here; nowhere else.</summary>
public sealed class SecretTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task No_answer_log_audit_entry_or_file_shows_a_secret()
    {
        var answers = new List<string>();
        async Task<Answer> Send(string method, string path, string? body = null)
        {
            var answer = await gateway.Api.SendAsync(method, path, body, "*");
            answers.Add(answer.Body);
            return answer;
        }
        await Send("POST", "/api/backends", """{"name":"eu","endpoint":"https://eu.example","apiKey":"canary-upstream"}""");
        await Send("PATCH", "/api/backends/eu", """{"apiKey":"canary-upstream-2"}""");
        await Send("POST", "/api/backends", """{"name":"us","endpoint":"https://us.example","entra":{"kind":"clientSecret","tenantId":"t","clientId":"app","clientSecret":"canary-client"}}""");
        await Send("PATCH", "/api/backends/us", """{"entra":{"clientSecret":"canary-client-2"}}""");
        await Send("POST", "/api/events", Managing.Event("spring", """, "entrance": "sharedSecret", "sharedSecret": "canary-shared" """));
        await Send("PATCH", "/api/events/spring", """{"sharedSecret":"canary-shared-2"}""");
        // What is refused must not be quoted either.
        await Send("POST", "/api/backends", """{"name":"eu","endpoint":"nowhere","apiKey":"canary-refused"}""");
        await Send("PATCH", "/api/backends/us", """{"entra":{"clientSecret":"canary refused"}}""");
        await Send("PATCH", "/api/backends/us", """{"entra":{"kind":"azureCli","clientSecret":"canary-refused"}}""");
        await Send("PATCH", "/api/backends/us", """{"entra":{"clientSecret":["canary-refused"]}}""");
        await Send("PATCH", "/api/events/spring", """{"sharedSecret":"canary refused"}""");
        await Send("POST", "/api/configuration", """{"document":{"backends":[{"name":"west","endpoint":"https://west.example","apiKey":"canary-applied"},{"name":"us","endpoint":"https://us.example","entra":{"kind":"clientSecret","tenantId":"t","clientId":"app","clientSecret":"canary-applied"}}]}}""");
        await Send("POST", "/api/backends/us/test", """{"deployment":"gpt-4o"}""");
        var made = (await gateway.Api.SendAsync("PUT", "/api/events/spring/shared-secret", "{}")).Json.GetProperty("sharedSecret").GetString()!;
        var key = (await gateway.Api.SendAsync("POST", "/api/events/spring/keys", """{"user":"ann"}""")).Json.GetProperty("key").GetString()!;
        var token = (await gateway.Api.SendAsync("POST", "/api/tokens", """{"name":"t","role":"administrator"}""")).Json.GetProperty("token").GetString()!;

        foreach (var path in new[] { "/api/events", "/api/events/spring", "/api/events/spring/keys", "/api/events/spring/attendees", "/api/backends", "/api/backends/eu", "/api/backends/us",
            "/api/tokens", "/api/audit?pageSize=500", "/api/configuration", "/openapi/v1.json" })
            (await Send("GET", path)).Status.ShouldBe(200, path);

        foreach (var secret in new[] { "canary", made, key, token, GatewayUnderTest.AdminToken })
        {
            answers.ShouldAllBe(a => !a.Contains(secret, StringComparison.Ordinal), secret);
            await gateway.ShouldNotHaveKeptAsync(secret);
        }
    }

    [Theory]
    [InlineData("GET", "/api/events")]
    [InlineData("POST", "/api/events")]
    [InlineData("GET", "/api/configuration")]
    public async Task A_wrong_token_opens_nothing(string method, string path)
    {
        foreach (var token in new[] { "x", "aopt_" + new string('x', 38), GatewayUnderTest.AdminToken + "x", GatewayUnderTest.AdminToken[..^1], "aop_" + new string('0', 38) })
        {
            using var api = gateway.ApiWith(token);
            (await api.SendAsync(method, path, method == "POST" ? "{}" : null)).Status.ShouldBe(401);
        }
    }

    [Fact]
    public async Task An_expired_token_opens_nothing()
    {
        var time = new ManualTime();
        await using var server = await new GatewayUnderTest { Time = time }.StartAsync();
        var token = (await server.Api.SendAsync("POST", "/api/tokens", $$"""{"name":"t","role":"administrator","expires":"{{time.GetUtcNow().AddHours(1):O}}"}""")).Json.GetProperty("token").GetString()!;
        using var api = server.ApiWith(token);
        (await api.SendAsync("GET", "/api/whoami")).Status.ShouldBe(200);

        time.Advance(TimeSpan.FromHours(1));

        (await api.SendAsync("GET", "/api/whoami")).Status.ShouldBe(401);
    }
}
