using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Forwarding;

namespace OpenAIProxy.Gateway.Tests;

public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("""{"max_tokens":7,"messages":[{"role":"user","content":"hello"}]}""")]
    [InlineData("""{"max_tokens":7,"stream":true,"messages":[{"role":"user","content":"hello"}]}""")]
    [InlineData("""{"max_tokens":7,"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hello"}]}""")]
    public async Task Tokens_are_counted_as_the_backend_reports_them_streamed_or_whole(string body)
    {
        await gateway.Client.AskAsync(Asking.Chat, body);

        var served = (await gateway.Simulator.ServedAsync()).GetProperty("total");
        var metrics = await gateway.Admin.GetStringAsync("/metrics");
        metrics.ShouldContain($$"""openai_proxy_tokens_total{operation="chat/completions",model="gpt-4o",type="input"} {{served.GetProperty("promptTokens").GetInt64()}}""");
        metrics.ShouldContain("""openai_proxy_tokens_total{operation="chat/completions",model="gpt-4o",type="output"} 7""");
        served.GetProperty("completionTokens").GetInt64().ShouldBe(7);
    }

    [Theory]
    [InlineData("noUsage", null)]
    [InlineData("zeroUsage", null)]
    [InlineData("duplicateUsage", 7L)]
    [InlineData("usageWithChoices", 7L)]
    public async Task Odd_reports_of_usage_are_taken_for_what_they_say(string kind, long? output)
    {
        await gateway.Simulator.FailAsync(new { kind });

        (await gateway.Client.AskAsync(Asking.Chat, """{"max_tokens":7,"stream":true,"messages":[{"role":"user","content":"hello"}]}""")).Status.ShouldBe(200);

        (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem().ShouldContain($"OutputTokens={output} ");
    }

    [Fact]
    public async Task Requests_are_counted_by_event_operation_model_and_status()
    {
        await gateway.Client.AskAsync(Asking.Embeddings, """{"input":"hello"}""");
        await gateway.Client.AskAsync(Asking.Chat, "{}", "nowhere/ann");
        await gateway.Log.RequestsEndedAsync(2);

        var metrics = await gateway.Admin.GetStringAsync("/metrics");

        metrics.ShouldContain("""openai_proxy_requests_total{event="hackathon",operation="embeddings",model="text-embedding-3-small",status="200"} 1""");
        metrics.ShouldContain("""openai_proxy_requests_total{event="",operation="chat/completions",model="",status="401"} 1""");
        metrics.ShouldContain("""openai_proxy_refusals_total{event="",code="event_code_unknown"} 1""");
        metrics.ShouldContain("""gen_ai_server_request_duration_seconds_bucket{event="hackathon",operation="embeddings",model="text-embedding-3-small",status="200",le="+Inf"} 1""");
        metrics.ShouldContain("openai_proxy_active_requests 0");
        foreach (var line in metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            line.ShouldMatch("""^(# (HELP|TYPE) [a-z_0-9]+ ?.*|[a-z_0-9]+(\{([a-z_0-9]+="[^"]*",?)+\})? (-?[0-9.E+\-]+|NaN))$""");
    }

    [Fact]
    public async Task Requests_are_active_until_they_are_answered()
    {
        await gateway.Simulator.FailAsync(new { kind = "hold", after = 0, times = 1 });
        var waiting = gateway.Client.AskAsync(Asking.Chat, """{"stream":true,"messages":[{"role":"user","content":"hello"}]}""");
        await gateway.Simulator.HeldAsync(1);

        (await gateway.Admin.GetStringAsync("/metrics")).ShouldContain("openai_proxy_active_requests 1");

        await gateway.Simulator.ReleaseAsync();
        (await waiting).Status.ShouldBe(200);
        await gateway.Log.RequestsEndedAsync(1);
        (await gateway.Admin.GetStringAsync("/metrics")).ShouldContain("openai_proxy_active_requests 0");
    }

    [Fact]
    public async Task Request_that_an_event_keeps_out_is_the_events()
    {
        await gateway.Api.SendAsync("POST", "/api/events/hackathon/pause");
        await gateway.Client.AskAsync(Asking.Chat, "{}");

        var line = (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem();
        var metrics = await gateway.Admin.GetStringAsync("/metrics");

        line.ShouldContain(" Event=hackathon ", Case.Sensitive);
        metrics.ShouldContain("""openai_proxy_refusals_total{event="hackathon",code="event_paused"} 1""");
        metrics.ShouldContain("""openai_proxy_requests_total{event="hackathon",operation="chat/completions",model="",status="403"} 1""");
    }

    [Fact]
    public async Task The_log_has_a_line_for_each_request_with_its_id_and_numbers()
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, """{"max_tokens":7,"messages":[{"role":"user","content":"hello"}]}""");

        var line = (await gateway.Log.UntilAsync(l => l.Contains(answer.Header("x-request-id")!, StringComparison.Ordinal))).ShouldHaveSingleItem();
        foreach (var part in new[] { "Event=hackathon", "Surface=event", "Operation=chat/completions", "Model=gpt-4o", "Status=200", "Outcome=Complete", "OutputTokens=7", "Milliseconds=" })
            line.ShouldContain(" " + part, Case.Sensitive);
    }

    [Fact]
    public async Task A_client_that_hangs_up_is_told_apart()
    {
        await gateway.Simulator.FailAsync(new { kind = "hang" });
        using var hangUp = new CancellationTokenSource();
        using var request = Asking.Post(Asking.Chat, """{"stream":true,"messages":[{"role":"user","content":"hello"}]}""");
        var asking = gateway.Client.SendAsync(request, hangUp.Token);
        await gateway.Simulator.StartedAsync(1);
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking);

        (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem().ShouldContain("Status=499");
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("hang")]
    public async Task So_is_one_that_hangs_up_on_a_whole_answer_which_is_waited_for_all_the_same(string kind)
    {
        var time = new ManualTime();
        await using var patient = await new GatewayUnderTest { Time = time }.StartAsync();
        await patient.Simulator.FailAsync(new { kind });
        using var hangUp = new CancellationTokenSource();
        using var request = Asking.Post(Asking.Chat, Asking.Hello);
        var asking = patient.Client.SendAsync(request, hangUp.Token);
        await patient.Simulator.StartedAsync(1);
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking);

        // Only once the gateway has seen that its client has gone.
        await time.UntilDueInAsync(patient.Options.AbandonedTimeout);
        if (kind == "hold")
            await patient.Simulator.ReleaseAsync();
        else
            time.Advance(patient.Options.AbandonedTimeout);

        (await patient.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem().ShouldContain(" Status=499 Refusal= Outcome=ClientGone ");
        (await patient.Admin.GetStringAsync("/metrics"))
            .ShouldContain("""openai_proxy_requests_total{event="hackathon",operation="chat/completions",model="gpt-4o",status="499"} 1""");
    }

    [Fact]
    public async Task Failure_that_nobody_expected_is_a_500_for_the_client_the_log_the_metrics_and_the_trace()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OpenAIProxy.Gateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        gateway.Services.GetRequiredService<BackendConnections>().Dispose();

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        answer.ShouldBeRefusal(500, "internal_error");
        (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem().ShouldContain(" Status=500 Refusal=internal_error ");
        ended.ShouldContain(a => a.GetTagItem("openai_proxy.request_id") as string == answer.Header("x-request-id")
            && a.GetTagItem("http.response.status_code") as int? == 500 && a.GetTagItem("error.type") as string == "internal_error");
        var metrics = await gateway.Admin.GetStringAsync("/metrics");
        metrics.ShouldContain("""openai_proxy_requests_total{event="hackathon",operation="chat/completions",model="gpt-4o",status="500"} 1""");
        metrics.ShouldContain("""openai_proxy_refusals_total{event="hackathon",code="internal_error"} 1""");
        (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem().Settlement.Outcome.ShouldBe(Outcome.NotTaken);
    }

    [Fact]
    public async Task No_credential_prompt_or_answer_reaches_a_log_a_metric_a_trace_or_the_disk()
    {
        var tags = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => tags.Enqueue(activity.DisplayName + string.Join(' ', activity.TagObjects.Select(t => $"{t.Key}={t.Value}"))),
        };
        ActivitySource.AddActivityListener(listener);
        await gateway.AddEventAsync("secret", e => e with { Entrance = Domain.Events.Entrance.SharedSecret, SharedSecret = Storage.Sql.Events.SharedSecret.New("canary-shared") });
        await gateway.ChangeAsync(async change => await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { ApiKey = "canary-upstream" }));
        var key = await gateway.ChangeAsync(change => change.Keys.IssueAsync(Domain.Events.EventCode.Parse("hackathon"), "ann"));
        const string prompt = """{"messages":[{"role":"user","content":"canary-prompt"}],"user":"canary-prompt"}""";

        foreach (var credential in new[] { "secret@canary-shared/ann", key, "secret@canary-wrong/ann", "aop_canary", "res:gpt|gpt:canary-composite", "eyJcanary.eyJ.sig" })
            await gateway.Client.AskAsync(Asking.Chat, prompt, credential);
        await gateway.Client.AskAsync(Asking.Chat, prompt[..^1]);
        await gateway.Client.AskAsync(Asking.Chat + "?api-key=canary-query", prompt);
        await gateway.Simulator.FailAsync(new { kind = "status", body = "401-key" });
        await gateway.Client.AskAsync(Asking.Chat, prompt);

        await gateway.Log.RequestsEndedAsync(9);
        tags.ShouldContain(t => t.Contains("gen_ai.request.model=gpt-4o", StringComparison.Ordinal));
        tags.ShouldNotContain(t => t.Contains("canary", StringComparison.Ordinal) || t.Contains(key, StringComparison.Ordinal));
        await gateway.ShouldNotHaveKeptAsync("canary");
        await gateway.ShouldNotHaveKeptAsync(key);
    }

    [Fact]
    public async Task Health_is_ready_on_both_listeners_and_names_backends_on_the_admin_one_only()
    {
        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        (await gateway.Client.GetStringAsync("/healthz/live")).ShouldBe("""{"status":"live"}""");
        (await gateway.Client.GetStringAsync("/healthz/ready")).ShouldBe("""{"status":"ready"}""");
        (await gateway.Admin.GetStringAsync("/healthz/ready")).ShouldContain("\"name\":\"simulator\",\"problem\":null");
    }
}
