namespace OpenAIProxy.Portal.Tests;

/// <summary>Who sees what was done, and where.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new() { Time = new ManualTime() };

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Organiser_sees_nothing_of_an_event_that_had_their_code_before()
    {
        using var ann = await gateway.ApiOfOrganiserAsync("ann");
        using var ben = await gateway.ApiOfOrganiserAsync("ben");
        (await ann.SendAsync("POST", "/api/events", Managing.Event("spring", """, "description": "canary-of-ann" """))).Status.ShouldBe(201);
        (await ann.SendAsync("POST", "/api/events/spring/pause")).Status.ShouldBe(200);
        (await ann.SendAsync("DELETE", "/api/events/spring", ifMatch: "*")).Status.ShouldBe(204);
        (await ben.SendAsync("POST", "/api/events", Managing.Event("spring"))).Status.ShouldBe(201);
        (await ben.SendAsync("POST", "/api/events/spring/pause")).Status.ShouldBe(200);

        var seen = await ben.SendAsync("GET", "/api/audit?kind=event");

        seen.Body.ShouldNotContain("ann");
        Actions(seen).ShouldBe(["pause", "create"]);
        Actions(await gateway.Api.SendAsync("GET", "/api/audit?event=spring&kind=event")).ShouldBe(["pause", "create", "delete", "pause", "create"]);
        (await ann.SendAsync("GET", "/api/audit")).Json.GetProperty("total").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Organiser_sees_all_of_a_copy()
    {
        using var ann = await gateway.ApiOfOrganiserAsync("ann");
        (await ann.SendAsync("POST", "/api/events", Managing.Event("spring"))).Status.ShouldBe(201);
        (await ann.SendAsync("POST", "/api/events/spring/copy", """{"code": "autumn"}""")).Status.ShouldBe(201);
        (await ann.SendAsync("POST", "/api/events/autumn/open")).Status.ShouldBe(200);

        Actions(await ann.SendAsync("GET", "/api/audit?event=autumn&kind=event")).ShouldBe(["open", "copy"]);
        (await ann.SendAsync("GET", "/api/audit?event=autumn&kind=limit")).Json.GetProperty("total").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task Code_is_searched_in_any_case()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));

        Actions(await gateway.Api.SendAsync("GET", "/api/audit?event=SPRING&kind=event")).ShouldBe(["create"]);
    }

    private static IEnumerable<string?> Actions(Answer answer) => answer.Json.GetProperty("items").EnumerateArray().Select(a => a.GetProperty("action").GetString());
}
