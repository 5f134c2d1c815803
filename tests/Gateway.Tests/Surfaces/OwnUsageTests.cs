using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Gateway.Tests.Surfaces;

/// <summary>What attendees are told of their own use.</summary>
public sealed class OwnUsageTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task An_attendee_sees_what_they_used_and_nobody_elses()
    {
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/eve")).Status.ShouldBe(200);
        var used = (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/ann")).Json.GetProperty("usage");

        var usage = (await AskAsync("hackathon/ann")).Json;

        usage.GetProperty("event_code").GetString().ShouldBe("hackathon");
        usage.GetProperty("requests").GetInt64().ShouldBe(1);
        usage.GetProperty("input_tokens").GetInt64().ShouldBe(used.GetProperty("prompt_tokens").GetInt64());
        usage.GetProperty("output_tokens").GetInt64().ShouldBe(used.GetProperty("completion_tokens").GetInt64());
        usage.GetProperty("cost_micro_dollars").GetInt64().ShouldBeGreaterThan(0);
        usage.GetProperty("models")[0].GetProperty("model").GetString().ShouldBe("gpt-4o");
        usage.GetProperty("models").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Who_has_used_nothing_sees_nothing_and_does_not_become_an_attendee_by_asking()
    {
        var answer = await AskAsync("hackathon/stranger");

        answer.Body.ShouldBe("""{"event_code":"hackathon","requests":0,"input_tokens":0,"cached_input_tokens":0,"output_tokens":0,"reasoning_tokens":0,"cost_micro_dollars":0,"models":[],"limits":[]}""");
        (await gateway.Api.SendAsync("GET", "/api/events/hackathon/attendees")).Json.GetProperty("total").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task An_attendee_sees_what_their_limits_leave_with_the_caps_that_were_raised_for_them()
    {
        long personal = 0;
        await gateway.ChangeAsync(async change =>
        {
            var hackathon = EventCode.Parse("hackathon");
            personal = await change.Limits.AddAsync(hackathon, new Limit(0, LimitScope.Attendee, LimitUnit.TotalTokens, LimitWindow.Event, 9_000));
            await change.Limits.AddAsync(hackathon, new Limit(0, LimitScope.Event, LimitUnit.Requests, LimitWindow.Day, 5));
            await change.Limits.AddAsync(hackathon, new Limit(0, LimitScope.AttendeeModel, LimitUnit.Money, LimitWindow.Event, 1_000_000, "gpt-4o"));
            await change.Limits.AddAsync(hackathon, new Limit(0, LimitScope.Model, LimitUnit.InFlight, LimitWindow.Event, 3, "gpt-4"));
        });
        var ann = (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/ann")).Json.GetProperty("usage").GetProperty("total_tokens").GetInt64();
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/eve")).Status.ShouldBe(200);
        var id = (await gateway.Api.SendAsync("GET", "/api/events/hackathon/attendees?search=ann")).Json.GetProperty("items")[0].GetProperty("id").GetInt64();
        (await gateway.Api.SendAsync("PUT", $"/api/events/hackathon/attendees/{id}/caps/{personal}", """{"cap": 20000}""")).Status.ShouldBe(200);

        var answer = (await AskAsync("hackathon/ann")).Json;

        var limits = answer.GetProperty("limits").EnumerateArray().Select(l => l.GetRawText()).ToList();
        limits.Count.ShouldBe(4);
        limits[0].ShouldBe($$"""{"scope":"attendee","unit":"total_tokens","window":"event","model":null,"cap":20000,"used":{{ann}},"reserved":0,"left":{{20_000 - ann}},"frees_at":null}""");
        limits[1].ShouldStartWith("""{"scope":"event","unit":"requests","window":"day","model":null,"cap":5,"used":2,"reserved":0,"left":3,"frees_at":"20""");
        limits[2].ShouldStartWith($$"""{"scope":"attendee_model","unit":"money","window":"event","model":"gpt-4o","cap":1000000,"used":{{answer.GetProperty("cost_micro_dollars").GetInt64()}},"reserved":0,""");
        limits[3].ShouldBe("""{"scope":"model","unit":"in_flight","window":"event","model":"gpt-4","cap":3,"used":0,"reserved":0,"left":3,"frees_at":null}""");
        var stranger = (await AskAsync("hackathon/stranger")).Json.GetProperty("limits");
        (stranger[0].GetProperty("left").GetInt64(), stranger[1].GetProperty("left").GetInt64()).ShouldBe((9_000, 3));
    }

    [Fact]
    public async Task What_a_request_on_its_way_has_set_aside_is_reserved_and_not_left()
    {
        await gateway.ChangeAsync(change => change.Limits.AddAsync(EventCode.Parse("hackathon"), new Limit(0, LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Event, 5)));
        await gateway.Simulator.FailAsync(new { kind = "hold" });
        var asking = gateway.Client.AskAsync(Asking.Chat, Asking.Hello);
        await gateway.Simulator.HeldAsync(1);

        var limit = (await AskAsync("hackathon/ann")).Json.GetProperty("limits")[0];
        await gateway.Simulator.ReleaseAsync();
        (await asking).Status.ShouldBe(200);

        (limit.GetProperty("used").GetInt64(), limit.GetProperty("reserved").GetInt64(), limit.GetProperty("left").GetInt64()).ShouldBe((0, 1, 4));
    }

    [Fact]
    public async Task Cached_input_and_reasoning_are_told_by_themselves_too()
    {
        var usage = new { prompt_tokens = 10, completion_tokens = 8, prompt_tokens_details = new { cached_tokens = 5 }, completion_tokens_details = new { reasoning_tokens = 3 } };
        await gateway.Simulator.FailAsync(new { kind = "status", status = 200, body = new { choices = Array.Empty<object>(), usage } });
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);

        (await AskAsync("hackathon/ann")).Body.ShouldContain("\"requests\":1,\"input_tokens\":10,\"cached_input_tokens\":5,\"output_tokens\":8,\"reasoning_tokens\":3,");
    }

    [Fact]
    public async Task A_limit_on_each_model_for_itself_has_a_line_for_each()
    {
        await gateway.ChangeAsync(change => change.Limits.AddAsync(EventCode.Parse("hackathon"), new Limit(0, LimitScope.AttendeeModel, LimitUnit.InFlight, LimitWindow.Event, 2)));
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/ann")).Status.ShouldBe(200);

        var limits = (await AskAsync("hackathon/ann")).Json.GetProperty("limits").EnumerateArray().ToList();

        limits.Select(l => l.GetProperty("model").GetString()).ShouldBe(gateway.Snapshot.FindEvent(EventCode.Parse("hackathon"))!.Models.Offers.Select(o => o.Model.Name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hackathon")]
    [InlineData("nowhere/ann")]
    [InlineData("aop_0000000000000000000000000000000000000000000")]
    public async Task Without_a_credential_of_somebody_it_is_refused(string? credential) => (await AskAsync(credential)).Status.ShouldBe(401);

    private async Task<Answer> AskAsync(string? credential)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/usage");
        if (credential is not null)
            request.Headers.Add("openai-event-code", credential);
        return await gateway.Client.AskAsync(request);
    }
}
