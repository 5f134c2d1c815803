using System.Text.Json;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Tests.Surfaces;

public sealed class EventInformationTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.AddEventAsync("workshop", e => e with
        {
            Name = "A workshop",
            Description = "# Welcome",
            Organiser = new Organiser("Olga", "olga@example.org"),
            ImageUrl = "https://example.org/picture.png",
            Start = new DateTime(2026, 7, 1, 9, 0, 0),
            End = new DateTime(2030, 7, 1, 17, 30, 0),
            TimeZone = "Asia/Kolkata",
            OutputCap = 777,
        });
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Anybody_may_ask_what_an_event_is_and_learns_no_address()
    {
        var answer = await GetAsync("/api/v1/event/Workshop");

        answer.Status.ShouldBe(200);
        answer.Body.ShouldNotContain("olga@");
        Fields(answer.Json).ShouldBe(new Dictionary<string, string>
        {
            ["event_id"] = "workshop",
            ["event_code"] = "workshop",
            ["event_name"] = "A workshop",
            ["event_image_url"] = "https://example.org/picture.png",
            ["organizer_name"] = "Olga",
            ["event_markdown"] = "# Welcome",
            ["event_state"] = "open",
            ["start_timestamp"] = "2026-07-01T09:00:00",
            ["end_timestamp"] = "2030-07-01T17:30:00",
            ["start_utc"] = "2026-07-01T03:30:00Z",
            ["end_utc"] = "2030-07-01T12:00:00Z",
            ["time_zone_label"] = "Asia/Kolkata",
            ["time_zone_offset"] = "330",
        });
    }

    [Fact]
    public async Task The_offset_of_an_event_across_a_change_of_the_clocks_is_that_of_its_start()
    {
        await gateway.AddEventAsync("autumn", e => e with { Start = new DateTime(2030, 10, 26, 9, 0, 0), End = new DateTime(2030, 10, 28, 9, 0, 0), TimeZone = "Europe/Berlin" });

        var told = (await GetAsync("/api/v1/event/autumn")).Json;

        told.GetProperty("time_zone_offset").GetInt32().ShouldBe(120);
        (told.GetProperty("start_utc").GetString(), told.GetProperty("end_utc").GetString()).ShouldBe(("2030-10-26T07:00:00Z", "2030-10-28T08:00:00Z"));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("a")]
    [InlineData("%01")]
    [InlineData("caf%C3%A9")]
    public async Task An_event_that_is_not_there_is_a_404(string code)
    {
        var answer = await GetAsync("/api/v1/event/" + code);

        answer.Status.ShouldBe(404);
        answer.Code.ShouldBe("event_not_found");
    }

    [Theory]
    [InlineData(EventState.Draft, 404)]
    [InlineData(EventState.Paused, 200)]
    [InlineData(EventState.Closed, 200)]
    [InlineData(EventState.Archived, 404)]
    public async Task A_draft_or_an_archived_event_is_nobodys_business(EventState state, int status)
    {
        await gateway.ChangeEventAsync(e => e with { State = state }, "workshop");

        (await GetAsync("/api/v1/event/workshop")).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("openai-event-code", "workshop")]
    [InlineData("api-key", "workshop/ann")]
    [InlineData("Authorization", "Bearer workshop/ann")]
    public async Task Those_who_may_come_in_learn_what_they_may_use(string header, string credential)
    {
        var answer = await gateway.Client.AskAsync("/api/v1/eventinfo", "", credential, header);

        answer.Status.ShouldBe(200);
        Fields(answer.Json).ShouldBe(new Dictionary<string, string>
        {
            ["is_authorized"] = "True",
            ["max_token_cap"] = "777",
            ["event_code"] = "workshop",
            ["event_name"] = "A workshop",
            ["event_image_url"] = "https://example.org/picture.png",
            ["organizer_name"] = "Olga",
            ["organizer_email"] = "olga@example.org",
            ["capabilities"] = """{"openai-chat":["gpt-4o","gpt-4o-mini","gpt-4","gpt-4-32k","gpt-35-turbo"],"openai-completion":["gpt-3.5-turbo-instruct"],"openai-embedding":["text-embedding-3-small"]}""",
        });
    }

    [Theory]
    [InlineData(null, 401, "credential_missing")]
    [InlineData("nowhere", 401, "event_code_unknown")]
    public async Task Strangers_learn_nothing(string? credential, int status, string code)
    {
        var answer = await gateway.Client.AskAsync("/api/v1/eventinfo", "", credential);

        answer.Status.ShouldBe(status);
        answer.Code.ShouldBe(code);
    }

    [Fact]
    public async Task An_event_over_tells_why_it_tells_nothing()
    {
        await gateway.ChangeEventAsync(e => e with { Start = new DateTime(2020, 1, 1), End = new DateTime(2020, 1, 2) }, "workshop");

        var answer = await gateway.Client.AskAsync("/api/v1/eventinfo", "", "workshop");

        answer.Status.ShouldBe(403);
        answer.Message.ShouldContain("2020-01-02 00:00 (Asia/Kolkata)");
    }

    [Fact]
    public async Task An_operation_nobody_offers_is_an_empty_capability()
    {
        await gateway.ChangeEventAsync(e => e with { Models = ["gpt-4o"], Defaults = new Dictionary<Operation, string>() }, "workshop");

        var answer = await gateway.Client.AskAsync("/api/v1/eventinfo", "", "workshop");

        answer.Json.GetProperty("capabilities").GetProperty("openai-embedding").GetArrayLength().ShouldBe(0);
    }

    private async Task<Answer> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await gateway.Client.AskAsync(request);
    }

    private static Dictionary<string, string> Fields(JsonElement json) =>
        json.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ValueKind == JsonValueKind.Object ? p.Value.GetRawText() : p.Value.ToString());
}
