using System.Net;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class FaultTests
{
    private const string Stream = "\"stream\":true,\"stream_options\":{\"include_usage\":true}";

    [Theory]
    [InlineData("400-api-version", 400, "API version not supported")]
    [InlineData("401-key", 401, "Access denied due to invalid subscription key")]
    [InlineData("401-token", 401, "Access token is missing")]
    [InlineData("403", 403, "Access denied due to Virtual Network/Firewall rules.")]
    [InlineData("404-deployment", 404, "DeploymentNotFound")]
    [InlineData("404-path", 404, "Resource not found")]
    [InlineData("408", 408, "The operation was timeout.")]
    [InlineData("424", 424, "Failed Dependency")]
    [InlineData("429-tokens", 429, "have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 26 seconds.")]
    [InlineData("429-requests", 429, "have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after 9 seconds.")]
    [InlineData("429-capacity", 429, "no_capacity")]
    [InlineData("500-model", 500, "The server had an error while processing your request. Sorry about that!")]
    [InlineData("500-gateway", 500, "{ \"statusCode\": 500, \"message\": \"Internal server error\"")]
    [InlineData("503", 503, "temporarily unable to process your request")]
    [InlineData("content_filter", 400, "ResponsibleAIPolicyViolation")]
    public async Task A_status_has_the_body_of_its_name(string name, int status, string part)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync($$"""{"kind":"status","body":"{{name}}"}""");

        using var answer = await simulator.ChatAsync(Ask("Hello"));

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.TextAsync()).ShouldContain(part);
        (await simulator.ServedAsync()).Total("failed").ShouldBe(1);
        (await simulator.ServedAsync()).Total("completionTokens").ShouldBe(0);
    }

    [Fact]
    public async Task A_status_may_have_a_body_and_headers_of_its_own()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"status","status":429,"body":{"error":"odd"},"headers":{"Retry-After":"3","retry-after-ms":"2500"},"contentType":"text/plain"}""");

        using var answer = await simulator.ChatAsync(Ask("Hello"));

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await answer.TextAsync()).ShouldBe("""{"error":"odd"}""");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        answer.Headers.GetValues("retry-after").ShouldBe(["3"]);
        answer.Headers.GetValues("retry-after-ms").ShouldBe(["2500"]);
    }

    [Theory]
    [InlineData("""{"kind":"redirect","location":"https://other.example/x"}""", 307, "", null)]
    [InlineData("""{"kind":"html"}""", 502, "<html>", "text/html")]
    [InlineData("""{"kind":"emptyBody"}""", 200, "", null)]
    [InlineData("""{"kind":"emptyBody","status":503}""", 503, "", null)]
    [InlineData("""{"kind":"oddShape","status":401}""", 401, "{ \"statusCode\": 401", "application/json")]
    public async Task Some_answers_are_not_azures(string fault, int status, string start, string? contentType)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync(fault);

        using var answer = await simulator.ChatAsync(Ask("Hello"));

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.TextAsync()).ShouldStartWith(start);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe(contentType);
        (await simulator.RequestsAsync("ended=1")).Single().GetProperty("state").GetString().ShouldBe("failed");
    }

    [Fact]
    public async Task Json_in_a_plan_is_sent_without_the_lines_and_comments_that_people_write()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""
            {
              "kind": "status", "status": 500, "times": 1, // Once.
              "body": {
                "error": { "message": "größer\nals 1", }, /* Nothing else. */
              },
            },
            {
              "kind": "errorEvent", "after": 0,
              "event": {
                "error": { "message": "größer als 1" } // In a stream.
              }
            }
            """);

        using var whole = await simulator.ChatAsync(Ask("Tides"));
        var (stream, _) = await ReadAsync(simulator, Ask("Tides", Stream));

        (await whole.TextAsync()).ShouldBe("""{"error":{"message":"größer\nals 1"}}""");
        stream.ShouldBe("data: {\"error\":{\"message\":\"größer als 1\"}}\n\n");
    }

    [Fact]
    public async Task A_delay_waits_before_the_answer()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(time: time);
        await simulator.PlanAsync("""{"kind":"delay","milliseconds":1500}""");

        var answer = simulator.ChatAsync(Ask("Hello"));
        await time.TimerAsync();

        answer.IsCompleted.ShouldBeFalse();
        time.AdvanceToNext().ShouldBe(TimeSpan.FromMilliseconds(1500));
        (await answer).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_hanging_request_ends_when_the_client_goes()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"hang"}""");
        using var leaving = new CancellationTokenSource();

        var answer = simulator.ChatAsync(Ask("Hello"), cancellation: leaving.Token);
        await simulator.RequestsAsync("started=1");
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(answer);
        (await simulator.RequestsAsync("ended=1")).Single().GetProperty("state").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_reset_comes_before_the_headers()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"reset"}""");

        await Should.ThrowAsync<HttpRequestException>(simulator.ChatAsync(Ask("Hello")));

        (await simulator.ServedAsync()).Total("failed").ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(5, 3)]
    public async Task A_reset_comes_after_so_many_events(int events, int tokens)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync($$"""{"kind":"reset","after":{{events}}}""");

        var (received, isBroken) = await ReadAsync(simulator, Ask("Tides", Stream));

        isBroken.ShouldBeTrue();
        received.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(events);
        (await simulator.ServedAsync()).Total("completionTokens").ShouldBe(tokens);
        (await simulator.ServedAsync()).Total("failed").ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Stream)]
    public async Task A_reset_comes_in_the_middle_of_a_body(string more)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"reset","at":"body"}""");

        var (received, isBroken) = await ReadAsync(simulator, Ask("Tides", more));

        isBroken.ShouldBeTrue();
        received.ShouldNotBeEmpty();
        received.ShouldNotEndWith("}");
        received.ShouldNotEndWith("\n\n");
    }

    [Fact]
    public async Task A_truncated_body_is_half_a_body_on_a_healthy_connection()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"truncate"}""");

        var (received, isBroken) = await ReadAsync(simulator, Ask("Tides"));

        isBroken.ShouldBeFalse();
        received.ShouldStartWith("{\"choices\":");
        received.ShouldNotEndWith("}}");
    }

    [Theory]
    [InlineData("", 1 + 1 + 3 + 1 + 1)]
    [InlineData(",\"after\":4", 4)]
    public async Task A_truncated_stream_ends_early_or_without_done(string after, int events)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync($$"""{"kind":"truncate"{{after}}}""");

        var (received, isBroken) = await ReadAsync(simulator, Ask("Tides [[tokens=3]]", Stream));

        isBroken.ShouldBeFalse();
        received.ShouldNotContain("[DONE]");
        received.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(events);
        (await simulator.ServedAsync()).Total("failed").ShouldBe(1);
    }

    [Theory]
    [InlineData("", "server_error")]
    [InlineData(""","event":{"error":{"code":"no_capacity","type":"too_many_requests","message":"Later","param":null}}""", "too_many_requests")]
    public async Task An_error_can_come_as_an_event(string own, string type)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync($$"""{"kind":"errorEvent","after":3{{own}}}""");

        var (received, isBroken) = await ReadAsync(simulator, Ask("Tides", Stream));

        isBroken.ShouldBeFalse();
        var events = received.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events.Length.ShouldBe(4);
        Data(events[3]).GetProperty("error").GetProperty("type").GetString().ShouldBe(type);
        (await simulator.ServedAsync()).Total("completionTokens").ShouldBe(1);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(Stream, 0)]
    [InlineData(Stream, 3)]
    public async Task A_held_answer_goes_on_when_it_is_released(string more, int events)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync($$"""{"kind":"hold","after":{{events}},"times":1}""");

        var answer = simulator.ChatAsync(Ask("Tides", more));
        (await simulator.RequestsAsync("held=1")).Single().GetProperty("state").GetString().ShouldBe("running");
        await simulator.ReleaseAsync();

        using var whole = await simulator.ChatAsync(Ask("Tides", more));
        // But for ids and times, which are of one length, the two are the same.
        (await (await answer).TextAsync()).Length.ShouldBe((await whole.TextAsync()).Length);
        (await simulator.ServedAsync()).Total("completed").ShouldBe(2);
    }

    [Fact]
    public async Task What_stands_before_a_hold_has_been_sent()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"hold","after":3}""");

        using var answer = await simulator.ChatAsync(Ask("Tides", Stream));
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var events = new List<string?>();
        for (var line = 0; line < 6; line++)
            events.Add(await reader.ReadLineAsync());

        events.Count(line => line!.StartsWith("data: {", StringComparison.Ordinal)).ShouldBe(3);
        await simulator.RequestsAsync("held=1");
        (await simulator.RequestsAsync()).Single().GetProperty("completionTokens").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("oneByte")]
    [InlineData("comments")]
    [InlineData("crlf")]
    public async Task Odd_ways_of_writing_do_not_change_what_is_written(string kind)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        using var usual = await simulator.ChatAsync(Ask("Tides", Stream));
        var expected = ContentOf(await usual.ChunksAsync());
        await simulator.PlanAsync($$"""{"kind":"{{kind}}"}""");

        using var answer = await simulator.ChatAsync(Ask("Tides", Stream));
        var text = await answer.TextAsync();

        text.Contains(": ping\n\n", StringComparison.Ordinal).ShouldBe(kind == "comments");
        text.Contains("\r\n\r\n", StringComparison.Ordinal).ShouldBe(kind == "crlf");
        var events = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace(": ping\n\n", "", StringComparison.Ordinal).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        ContentOf(events[..^1].Select(Data)).ShouldBe(expected);
        (await simulator.ServedAsync()).Total("completed").ShouldBe(2);
    }

    [Fact]
    public async Task A_whole_answer_can_come_byte_by_byte()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"oneByte"}""");

        using var answer = await simulator.ChatAsync(Ask("Tides"));

        (await answer.JsonAsync()).Content().ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("noUsage", 0)]
    [InlineData("duplicateUsage", 2)]
    [InlineData("zeroUsage", 1)]
    [InlineData("usageWithChoices", 1)]
    public async Task The_usage_of_a_stream_can_be_wrong(string kind, int times)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync($$"""{"kind":"{{kind}}"}""");

        using var answer = await simulator.ChatAsync(Ask("Tides", Stream));
        var usages = (await answer.ChunksAsync()).Where(chunk => chunk.GetProperty("usage").ValueKind != System.Text.Json.JsonValueKind.Null).ToList();

        usages.Count.ShouldBe(times);
        usages.ForEach(chunk => chunk.GetProperty("choices").GetArrayLength().ShouldBe(kind == "usageWithChoices" ? 1 : 0));
        usages.ForEach(chunk => (chunk.Used("total_tokens") == 0).ShouldBe(kind == "zeroUsage"));
        (await simulator.ServedAsync()).Total("completionTokens").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_usage_of_a_body_can_be_missing_or_nothing()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"noUsage","times":1},{"kind":"zeroUsage"}""");

        using var without = await simulator.ChatAsync(Ask("Tides"));
        using var nothing = await simulator.ChatAsync(Ask("Tides"));

        (await without.JsonAsync()).TryGetProperty("usage", out _).ShouldBeFalse();
        (await nothing.JsonAsync()).Used("total_tokens").ShouldBe(0);
    }

    [Fact]
    public async Task An_answer_can_lack_its_content_type()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.PlanAsync("""{"kind":"noContentType"}""");

        using var answer = await simulator.ChatAsync(Ask("Tides"));

        answer.Content.Headers.ContentType.ShouldBeNull();
        (await answer.JsonAsync()).Content().ShouldNotBeEmpty();
    }

    private static async Task<(string Received, bool IsBroken)> ReadAsync(SimulatorUnderTest simulator, string body)
    {
        var received = new MemoryStream();
        try
        {
            using var answer = await simulator.ChatAsync(body);
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await stream.CopyToAsync(received);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return (System.Text.Encoding.UTF8.GetString(received.ToArray()), true);
        }

        return (System.Text.Encoding.UTF8.GetString(received.ToArray()), false);
    }
}
