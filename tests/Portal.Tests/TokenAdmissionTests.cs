using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Portal.Tests;

/// <summary>Events say whose tokens they admit, and how they stream.</summary>
public sealed class TokenAdmissionTests : IAsyncLifetime
{
    private const string Directory = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task What_an_event_admits_is_shown_as_it_was_written_and_is_in_force()
    {
        var admission = $$"""
            {"tenantId":"{{Directory.ToUpperInvariant()}}","audiences":["api://b","a"],"groups":["{{Directory.ToUpperInvariant()}}"],"roles":["Team lead","Grüße"],"authority":"https://login.microsoftonline.us/"}
            """.Trim();

        var made = await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", $$""", "streamMode": "strict", "tokenAdmission": {{admission}}"""));

        made.Status.ShouldBe(201, made.Body);
        JsonNode.DeepEquals(JsonNode.Parse(made.Json.GetProperty("tokenAdmission").GetRawText()), JsonNode.Parse(admission)).ShouldBeTrue(made.Body);
        made.Json.GetProperty("streamMode").GetString().ShouldBe("strict");
        var @event = Event();
        @event.StreamMode.ShouldBe(StreamMode.Strict);
        // Tokens write ids in small letters.
        @event.TokenAdmission!.TenantId.ShouldBe(Directory);
        @event.TokenAdmission.Groups.ShouldBe([Directory]);
        @event.TokenAdmission.Audiences.ShouldBe(["api://b", "a"]);
        @event.TokenAdmission.Roles.ShouldBe(["Team lead", "Grüße"]);
        @event.TokenAdmission.Authority.ShouldBe(new Uri("https://login.microsoftonline.us/"));
    }

    [Fact]
    public async Task An_event_that_says_nothing_admits_no_tokens_and_streams_as_its_surface_does()
    {
        var made = await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));

        made.Json.GetProperty("tokenAdmission").GetRawText().ShouldBe("null");
        made.Json.GetProperty("streamMode").GetRawText().ShouldBe("null");
        Event().TokenAdmission.ShouldBeNull();
        Event().StreamMode.ShouldBeNull();
    }

    [Fact]
    public async Task A_change_touches_what_it_names_and_null_takes_away()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));

        var made = await ChangeAsync($$"""{"streamMode":"faithful","tokenAdmission":{"tenantId":"{{Directory}}","audiences":["a"]} }""");
        made.Json.GetProperty("tokenAdmission").GetProperty("authority").GetString().ShouldBe("https://login.microsoftonline.com/");
        await ChangeAsync("""{"tokenAdmission":{"roles":["Judge"],"authority":"http://localhost:9/"}}""");
        Event().TokenAdmission!.Audiences.ShouldBe(["a"]);
        Event().TokenAdmission!.Roles.ShouldBe(["Judge"]);
        Event().TokenAdmission!.Authority.ShouldBe(new Uri("http://localhost:9/"));
        await ChangeAsync("""{"tokenAdmission":{"roles":[],"authority":null}}""");
        Event().TokenAdmission!.Roles.ShouldBeEmpty();
        Event().TokenAdmission!.Authority.ShouldBe(TokenAdmission.DefaultAuthority);
        await ChangeAsync("""{"tokenAdmission":null,"streamMode":null}""");

        Event().TokenAdmission.ShouldBeNull();
        Event().StreamMode.ShouldBeNull();
    }

    [Theory]
    [InlineData("tenantId", "\"contoso.example\"", "a GUID")]
    [InlineData("tenantId", "\" 8eaef023-2b34-4da1-9baa-8bc8c9d6a490\"", "a GUID")]
    [InlineData("tenantId", "\"8eaef0232b344da19baa8bc8c9d6a490\"", "a GUID")]
    [InlineData("audiences", "[]", "1 to 8")]
    [InlineData("audiences", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]", "1 to 8")]
    [InlineData("audiences", "[\"\"]", "visible ASCII")]
    [InlineData("audiences", "[\"a b\"]", "visible ASCII")]
    [InlineData("groups", "[\"Team\"]", "GUIDs such as")]
    [InlineData("roles", "[\"\"]", "1 to 128")]
    [InlineData("roles", "[\"a\\u0007\"]", "1 to 128")]
    [InlineData("authority", "\"https://login.microsoftonline.com\"", "ends in a slash")]
    [InlineData("authority", "\"http://login.microsoftonline.com/\"", "https")]
    [InlineData("authority", "\"/\"", "absolute")]
    [InlineData("authority", "\"https://a:b@login.example/\"", "without user")]
    [InlineData("authority", "\"https://login.example/?q=/\"", "query")]
    [InlineData("authority", "\"https://login.example/#/\"", "fragment")]
    [InlineData("authority", "\"file:///etc/\"", "https")]
    public async Task What_makes_no_sense_is_named_with_what_would_do(string field, string value, string words)
    {
        var admission = new JsonObject { ["tenantId"] = Directory, ["audiences"] = new JsonArray("a") };
        admission[field] = JsonNode.Parse(value);

        var answer = await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", $$""", "tokenAdmission": {{admission.ToJsonString()}}"""));

        answer.Status.ShouldBe(400, answer.Body);
        answer.Json.GetProperty("errors").GetProperty($"tokenAdmission.{field}")[0].GetString()!.ShouldContain(words);
        (await gateway.Api.SendAsync("GET", "/api/events/spring")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("groups", 50, true)]
    [InlineData("groups", 51, false)]
    [InlineData("roles", 50, true)]
    [InlineData("roles", 51, false)]
    [InlineData("audiences", 8, true)]
    public async Task A_list_has_an_end(string field, int count, bool isTaken)
    {
        var admission = new JsonObject { ["tenantId"] = Directory, ["audiences"] = new JsonArray("a") };
        admission[field] = new JsonArray([.. Enumerable.Repeat(0, count).Select(_ => (JsonNode)Directory)]);

        var answer = await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", $$""", "tokenAdmission": {{admission.ToJsonString()}}"""));

        answer.Status.ShouldBe(isTaken ? 201 : 400, answer.Body);
    }

    [Fact]
    public async Task A_copy_admits_and_streams_as_the_other_one_does()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", $$""", "streamMode": "strict", "tokenAdmission": {"tenantId": "{{Directory}}", "audiences": ["a"], "roles": ["Judge"]}"""));

        var copy = await gateway.Api.SendAsync("POST", "/api/events/spring/copy", """{"code":"autumn"}""");

        var original = (await gateway.Api.SendAsync("GET", "/api/events/spring")).Json;
        copy.Json.GetProperty("tokenAdmission").GetRawText().ShouldBe(original.GetProperty("tokenAdmission").GetRawText());
        copy.Json.GetProperty("tokenAdmission").GetProperty("roles")[0].GetString().ShouldBe("Judge");
        copy.Json.GetProperty("streamMode").GetString().ShouldBe("strict");
    }

    [Fact]
    public async Task The_audit_trail_says_who_let_whom_in()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));
        await ChangeAsync($$"""{"streamMode":"strict","tokenAdmission":{"tenantId":"{{Directory}}","audiences":["a"]} }""");

        var entry = (await gateway.Api.SendAsync("GET", "/api/audit?kind=event&name=spring")).Json.GetProperty("items")[0];

        entry.GetProperty("before").GetRawText().ShouldBe("""{"tokenAdmission":null,"streamMode":null}""");
        entry.GetProperty("after").GetRawText().ShouldBe(
            $$"""{"tokenAdmission":{"tenantId":"{{Directory}}","audiences":["a"],"groups":[],"roles":[],"authority":"https://login.microsoftonline.com/"},"streamMode":"strict"}""");
    }

    private Event Event() => gateway.Snapshot.FindEvent(EventCode.Parse("spring")).ShouldNotBeNull();

    private async Task<Answer> ChangeAsync(string patch)
    {
        var answer = await gateway.Api.SendAsync("PATCH", "/api/events/spring", patch, "*");
        answer.Status.ShouldBe(200, answer.Body);
        return answer;
    }
}
