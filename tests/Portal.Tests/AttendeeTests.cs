namespace OpenAIProxy.Portal.Tests;

/// <summary>Who is meant by a user id is one attendee, or nobody.</summary>
public sealed class AttendeeTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData(""", "hashesUserIds": true""")]
    public async Task Attendee_is_found_by_the_user_id_that_they_write(string more)
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", more));
        var ids = new List<string>();
        foreach (var user in new[] { "ada", "ada lovelace", "42", "ADA" })
            ids.Add((await gateway.Api.SendAsync("POST", "/api/events/spring/keys", $$"""{"user":"{{user}}"}""")).Json.GetProperty("attendeeId").GetRawText());

        (await FindAsync("ada")).ShouldBe(ids[0]);
        (await FindAsync("%20ada%20")).ShouldBe(ids[0]);
        (await FindAsync("42")).ShouldBe(ids[2]);
        (await FindAsync("lovelace")).ShouldBe("");
        (await FindAsync("ada&blocked=true")).ShouldBe("");
        (await gateway.Api.SendAsync("DELETE", $"/api/events/spring/attendees/{ids[0]}")).Status.ShouldBe(204);
        (await FindAsync("ada")).ShouldBe("");
        (await gateway.Api.SendAsync("GET", "/api/events/spring/attendees?user=%07")).Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["user"]);
    }

    [Fact]
    public async Task An_attendee_is_shown_as_they_came_and_as_blocked_until_they_are_let_in_again()
    {
        var bob = (await gateway.Api.SendAsync("POST", "/api/events/hackathon/keys", """{"user":"bob"}""")).Json.GetProperty("attendeeId").GetRawText();
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/ann")).Status.ShouldBe(200);

        (await WordsAsync()).ShouldBe("ann open by code, bob open by key");
        await gateway.Api.SendAsync("POST", $"/api/events/hackathon/attendees/{bob}/block");
        (await WordsAsync()).ShouldBe("ann open by code, bob blocked by key");
        await gateway.Api.SendAsync("POST", $"/api/events/hackathon/attendees/{bob}/unblock");
        (await WordsAsync()).ShouldBe("ann open by code, bob open by key");

        async Task<string> WordsAsync() => string.Join(", ", (await gateway.Api.SendAsync("GET", "/api/events/hackathon/attendees?sort=name")).Json.GetProperty("items")
            .EnumerateArray().Select(a => $"{a.GetProperty("name")} {(a.GetProperty("isBlocked").GetBoolean() ? "blocked" : "open")} by {(a.GetProperty("byCode").GetBoolean() ? "code" : "key")}"));
    }

    [Fact]
    public async Task An_organiser_finds_nobody_in_anothers_event()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));
        await gateway.Api.SendAsync("POST", "/api/events/spring/keys", """{"user":"ada"}""");
        using var bob = await gateway.ApiOfOrganiserAsync("bob");

        (await bob.SendAsync("GET", "/api/events/spring/attendees?user=ada")).Status.ShouldBe(404);
    }

    private async Task<string> FindAsync(string user)
    {
        var answer = await gateway.Api.SendAsync("GET", $"/api/events/spring/attendees?user={user}");
        answer.Status.ShouldBe(200, answer.Body);
        return string.Join(' ', answer.Json.GetProperty("items").EnumerateArray().Select(a => a.GetProperty("id").GetRawText()));
    }
}
