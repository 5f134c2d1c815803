using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Tests;

/// <summary>Each row of the table of refusals, on the wire.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new() { Options = new() { MaxBodyBytes = 4_096 } };

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData(null, "credential_missing")]
    [InlineData("   ", "credential_missing")]
    [InlineData("hackathon", "user_required")]
    [InlineData("hackathon/", "credential_malformed")]
    [InlineData("/ann", "credential_malformed")]
    [InlineData("ha ckathon/ann", "credential_malformed")]
    [InlineData("nowhere/ann", "event_code_unknown")]
    [InlineData("resource:gpt-4|gpt-4", "credential_malformed")]
    [InlineData("aop_123", "credential_malformed")]
    public async Task No_malformed_or_unknown_credential_is_a_401(string? credential, string code)
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, credential);

        answer.ShouldBeRefusal(401, code);
        answer.Header("WWW-Authenticate").ShouldBe("Bearer");
        answer.Header("Retry-After").ShouldBeNull();
        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_credential_is_asked_for_before_the_body_is_read()
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, "this is not JSON", null);

        answer.ShouldBeRefusal(401, "credential_missing");
    }

    [Fact]
    public async Task A_blocked_attendee_is_a_403_that_no_client_retries()
    {
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/mallory");
        await gateway.ChangeAsync(async change => await change.Attendees.BlockAsync((await change.Attendees.FindAsync(EventCode.Parse("hackathon"), "mallory"))!.Id));

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/mallory");

        ShouldBeFinal(answer, "attendee_blocked");
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/ann")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(EventState.Draft, 0, "event_not_open_yet", "still being prepared")]
    [InlineData(EventState.Open, 5, "event_not_open_yet", "opens at 2")]
    [InlineData(EventState.Paused, 0, "event_paused", "ask the organiser when it goes on")]
    [InlineData(EventState.Closed, 0, "event_closed", "has closed the event")]
    [InlineData(EventState.Archived, 0, "event_closed", "has closed the event")]
    [InlineData(EventState.Open, -30, "event_over", "ended at 2")]
    [InlineData(EventState.Paused, -30, "event_over", "ended at 2")]
    public async Task An_event_that_does_not_let_in_is_a_403_that_says_why(EventState state, int startsInDays, string code, string why)
    {
        await gateway.ChangeEventAsync(e => e with { State = state, Start = e.Start.AddDays(startsInDays), End = e.End.AddDays(startsInDays), TimeZone = "Asia/Kolkata" });

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        ShouldBeFinal(answer, code);
        answer.Message.ShouldContain(why);
        if (why.Contains(" at ", StringComparison.Ordinal))
            answer.Message.ShouldContain("(Asia/Kolkata)");
    }

    [Fact]
    public async Task A_full_event_is_a_403_for_newcomers_only()
    {
        await gateway.ChangeEventAsync(e => e with { AttendeeCap = 1 });
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/first")).Status.ShouldBe(200);

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/second");

        ShouldBeFinal(answer, "event_full");
        answer.Message.ShouldContain("cap of 1 attendees");
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/first")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_request_that_is_refused_makes_nobody_an_attendee()
    {
        await gateway.ChangeEventAsync(e => e with { AttendeeCap = 1 });
        foreach (var body in new[] { "not JSON", """{"model":"gpt-99"}""", """{"n":99999}""" })
            (await gateway.Client.AskAsync(Asking.Chat, body, "hackathon/first")).Status.ShouldBeInRange(400, 404);

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/second")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("   ", "invalid_json")]
    [InlineData("canary", "invalid_json")]
    [InlineData("[1]", "invalid_json")]
    [InlineData("\"canary\"", "invalid_json")]
    [InlineData("{\"a\":\"canary\"", "invalid_json")]
    [InlineData("{\"a\":\"canary\"} {}", "invalid_json")]
    [InlineData("{\"a\":\"canary\",}", "invalid_json")]
    [InlineData("{a:1}", "invalid_json")]
    [InlineData("{\"model\":\"\\ud800canary\"}", "invalid_value")]
    [InlineData("{\"model\":42}", "invalid_value")]
    [InlineData("{\"stream\":\"canary\"}", "invalid_value")]
    [InlineData("{\"stream\":true,\"stream_options\":\"canary\"}", "invalid_value")]
    [InlineData("{\"stream\":true,\"stream_options\":{\"include_usage\":\"canary\"}}", "invalid_value")]
    [InlineData("{\"stream\":true,\"stream_options\":{\"include_usage\":true,\"include_usage\":true}}", "duplicate_field")]
    [InlineData("{\"stream\":true,\"stream\":false}", "duplicate_field")]
    public async Task What_cannot_be_read_is_a_400_that_never_quotes_the_body(string body, string code)
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, body);

        answer.ShouldBeRefusal(400, code);
        answer.Body.ShouldNotContain("canary");
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public async Task What_nests_too_deep_is_a_400(string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 64)) + "1" + string.Concat(Enumerable.Repeat(close, 64));

        var answer = await gateway.Client.AskAsync(Asking.Chat, $$"""{"tools":{{deep}},"messages":[]}""");

        answer.ShouldBeRefusal(400, "invalid_json");
        answer.Message.ShouldContain("64 levels");
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_a_400()
    {
        using var request = Asking.Post(Asking.Chat, "");
        request.Content = new ByteArrayContent([.. "{\"messages\":\""u8, 0xff, .. "\"}"u8]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        (await gateway.Client.AskAsync(request)).ShouldBeRefusal(400, "invalid_json");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/chat")]
    [InlineData("/api/v1/chat/completions/more")]
    [InlineData("/api/v2/chat/completions")]
    [InlineData("/healthz")]
    [InlineData("/metrics")]
    public async Task An_unknown_path_is_a_404_that_says_what_there_is(string path)
    {
        var answer = await gateway.Client.AskAsync(path, Asking.Hello);

        answer.ShouldBeRefusal(404, "not_found");
        answer.Message.ShouldContain("POST /v1/chat/completions");
    }

    [Fact]
    public async Task An_unknown_model_is_a_404()
    {
        (await gateway.Client.AskAsync(Asking.Chat, """{"model":"gpt-99"}""")).ShouldBeRefusal(404, "model_not_found");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("BREW")]
    public async Task Another_method_is_a_405_that_says_which(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Asking.Chat);

        var answer = await gateway.Client.AskAsync(request);

        answer.ShouldBeRefusal(405, "method_not_allowed");
        answer.Header("Allow").ShouldBe("POST");
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/x-www-form-urlencoded", null)]
    [InlineData("multipart/form-data; boundary=x", null)]
    [InlineData("application/json", "gzip")]
    public async Task Another_media_type_is_a_415(string type, string? encoding)
    {
        using var request = Asking.Post(Asking.Chat, Asking.Hello);
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);

        (await gateway.Client.AskAsync(request)).ShouldBeRefusal(415, "unsupported_media_type");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData("application/vnd.api+json")]
    public async Task Json_by_any_of_its_names_is_read(string type)
    {
        using var request = Asking.Post(Asking.Chat, Asking.Hello);
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        (await gateway.Client.AskAsync(request)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_a_413_with_and_without_a_length(bool isChunked)
    {
        using var request = Asking.Post(Asking.Chat, $$"""{"messages":"{{new string('x', 5_000)}}"}""");
        request.Headers.TransferEncodingChunked = isChunked;

        (await gateway.Client.AskAsync(request)).ShouldBeRefusal(413, "body_too_large");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_sends_all_of_a_body_before_it_reads_is_told_that_it_is_too_large(bool isChunked)
    {
        // More than any buffer on the way has.
        using var request = Asking.Post(Asking.Chat, $$"""{"messages":"{{new string('x', 50_000_000)}}"}""");
        request.Headers.TransferEncodingChunked = isChunked;

        (await gateway.Client.AskAsync(request)).ShouldBeRefusal(413, "body_too_large");
    }

    [Fact]
    public async Task A_body_at_the_limit_is_taken()
    {
        var padding = new string(' ', 4_096 - Asking.Hello.Length);

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello + padding)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_body_that_stalls_is_a_408()
    {
        var time = new ManualTime();
        await using var patient = await new GatewayUnderTest { Time = time, Options = new() { BodyTimeout = TimeSpan.FromSeconds(30) } }.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(patient.Client.BaseAddress!.Host, patient.Client.BaseAddress.Port);
        var stream = socket.GetStream();
        var waiting = time.WaitingTimers;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Asking.Chat} HTTP/1.1\r\nHost: x\r\nopenai-event-code: hackathon/ann\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"));
        await time.UntilWaitingAsync(waiting + 1);

        time.Advance(TimeSpan.FromSeconds(30));

        var answer = await new StreamReader(stream).ReadToEndAsync();
        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("\"code\":\"body_timeout\"");
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("-5")]
    [InlineData("FFFFFFFFFFFFFFFFF")]
    public async Task A_body_that_is_framed_wrongly_is_a_400(string chunkSize)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(gateway.Client.BaseAddress!.Host, gateway.Client.BaseAddress.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Asking.Chat} HTTP/1.1\r\nHost: x\r\nopenai-event-code: hackathon/ann\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunkSize}\r\n{{}}\r\n0\r\n\r\n"));

        var answer = await new StreamReader(socket.GetStream()).ReadToEndAsync();

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("\"code\":\"bad_request\"");
    }

    [Theory]
    [InlineData("Content-Length: 100", "{", false)]
    [InlineData("Content-Length: 100", "{", true)]
    [InlineData("Transfer-Encoding: chunked", "64\r\n{", false)]
    [InlineData("Transfer-Encoding: chunked", "64\r\n{", true)]
    public async Task A_client_that_goes_in_the_middle_of_its_body_is_neither_an_error_nor_refused(string framing, string begun, bool isReset)
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(gateway.Client.BaseAddress!.Host, gateway.Client.BaseAddress.Port);
            socket.LingerState = new LingerOption(isReset, 0);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST {Asking.Chat} HTTP/1.1\r\nHost: x\r\nopenai-event-code: hackathon/ann\r\nContent-Type: application/json\r\n{framing}\r\n\r\n{begun}"));
        }

        var ended = (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem();

        ended.ShouldContain("Status=499");
        ended.ShouldNotContain("bad_request");
        (await gateway.Admin.GetStringAsync("/metrics")).ShouldNotContain("openai_proxy_refusals_total{");
        gateway.Log.Lines.ShouldNotContain(l => l.StartsWith("Error", StringComparison.Ordinal));
        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_web_page_of_another_origin_is_refused_where_the_event_says_so()
    {
        await gateway.ChangeEventAsync(e => e with { AllowedOrigins = ["https://app.example"] });

        foreach (var (origin, status) in new[] { ("https://app.example", 200), ("https://evil.example", 403), ("null", 403) })
        {
            using var request = Asking.Post(Asking.Chat, Asking.Hello);
            request.Headers.Add("Origin", origin);
            (await gateway.Client.AskAsync(request)).Status.ShouldBe(status, origin);
        }
    }

    private static void ShouldBeFinal(Answer answer, string code)
    {
        answer.ShouldBeRefusal(403, code);
        answer.Header("x-should-retry").ShouldBe("false");
        answer.Header("Retry-After").ShouldBeNull();
    }
}
