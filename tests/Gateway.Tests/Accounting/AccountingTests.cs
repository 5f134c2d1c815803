using System.Text.Json;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Sql.Catalog;

namespace OpenAIProxy.Gateway.Tests.Accounting;

/// <summary>What each way that a request can end leaves in the ledger: the accounting table, on the wire.</summary>
/// <remarks>
/// The backend counts 12 tokens of input, where the gateway's own estimate is 10, and 8 of output; three of those have come where a
/// stream is held or broken. A token of input costs a micro-dollar, one of output two.
/// </remarks>
public sealed class AccountingTests : IAsyncLifetime
{
    private const string Model = "gpt-4o";
    private const string Question = "[[tokens=8]]";
    private const string Filtered = "[[content-filter]]";
    private const string TwoUsages = """
        {"kind":"status","status":200,"body":{"choices":[{"message":{"content":"Hi"}}],"usage":{"prompt_tokens":900,"completion_tokens":900},
         "usage":{"prompt_tokens":10,"completion_tokens":8,"prompt_tokens_details":{"cached_tokens":5}}}}
        """;

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public AccountingTests() => gateway = new GatewayUnderTest
    {
        Time = time,
        Options = new() { FirstByteTimeout = TimeSpan.FromMinutes(3), PauseTimeout = TimeSpan.FromMinutes(2), AbandonedTimeout = TimeSpan.FromMinutes(1) },
    };

    /// <summary>When the client, or the patience of the gateway, is at its end.</summary>
    public enum Ends
    {
        ByItself,
        HeldThenClientGone,
        HungThenClientGone,
        NeverCameAfterClientGone,
        ClientGoneInTheMiddle,
        ClientGoneBeforeDone,
        TimeOut,
        TimeOutInTheMiddle,
    }

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.ChangeAsync(async change =>
        {
            await change.Prices.PutAsync(Model, PriceOf());
            var code = EventCode.Parse("hackathon");
            foreach (var unit in Enum.GetValues<LimitUnit>())
                await change.Limits.AddAsync(code, new Limit(0, LimitScope.Attendee, unit, LimitWindow.Event, 1_000_000));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        gateway.Log.Lines.ShouldNotContain(l => l.Contains("failed in a way nobody expected", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Ends.ByItself, null, 12, 0, 8, Exactness.Exact, Outcome.Complete)]
    [InlineData(Ends.HeldThenClientGone, """{"kind":"hold"}""", 12, 0, 8, Exactness.Exact, Outcome.ClientGone)]
    [InlineData(Ends.ClientGoneInTheMiddle, """{"kind":"hold","at":"body"}""", 12, 0, 8, Exactness.Exact, Outcome.ClientGone)]
    [InlineData(Ends.NeverCameAfterClientGone, """{"kind":"hang"}""", 10, 0, 0, Exactness.Estimated, Outcome.ClientGone)]
    [InlineData(Ends.ByItself, """{"kind":"status","status":503}""", 0, 0, 0, Exactness.Exact, Outcome.NotTaken)]
    [InlineData(Ends.ByItself, """{"kind":"status","status":429}""", 0, 0, 0, Exactness.Exact, Outcome.NotTaken)]
    [InlineData(Ends.ByItself, """{"kind":"status","status":401}""", 0, 0, 0, Exactness.Exact, Outcome.NotTaken)]
    [InlineData(Ends.ByItself, """{"kind":"status","status":422,"body":{"error":{"code":"no"}}}""", 0, 0, 0, Exactness.Exact, Outcome.NotTaken)]
    [InlineData(Ends.ByItself, """{"kind":"status","body":"400-unfinished"}""", 10, 0, 100, Exactness.Estimated, Outcome.Refused)]
    [InlineData(Ends.ByItself, """{"kind":"status","status":408}""", 10, 0, 0, Exactness.Estimated, Outcome.BackendBroke)]
    [InlineData(Ends.ByItself, """{"kind":"reset"}""", 10, 0, 0, Exactness.Estimated, Outcome.BackendBroke)]
    [InlineData(Ends.ByItself, """{"kind":"reset","at":"body"}""", 10, 0, 8, Exactness.Estimated, Outcome.BackendBroke)]
    [InlineData(Ends.ByItself, """{"kind":"noUsage"}""", 10, 0, 8, Exactness.Estimated, Outcome.Complete)]
    [InlineData(Ends.ByItself, TwoUsages, 10, 5, 8, Exactness.Exact, Outcome.Complete)]
    [InlineData(Ends.ByItself, """{"kind":"zeroUsage"}""", 10, 0, 8, Exactness.Estimated, Outcome.Complete)]
    [InlineData(Ends.ByItself, Filtered, 12, 0, 0, Exactness.Estimated, Outcome.Refused)]
    [InlineData(Ends.TimeOut, """{"kind":"hang"}""", 10, 0, 0, Exactness.Estimated, Outcome.BackendBroke)]
    [InlineData(Ends.TimeOutInTheMiddle, """{"kind":"hold","at":"body"}""", 10, 0, 8, Exactness.Estimated, Outcome.BackendBroke)]
    public Task A_whole_answer_is_charged_by_how_it_ends(Ends ends, string? fault, long input, long cached, long output, Exactness exactness, Outcome outcome) =>
        ShouldChargeAsync(false, ends, fault, new Usage(input, cached, output, 0), exactness, outcome);

    [Theory]
    [InlineData(Ends.ByItself, null, 12, 8, Exactness.Exact, Outcome.Complete)]
    [InlineData(Ends.HungThenClientGone, """{"kind":"hang"}""", 10, 0, Exactness.Estimated, Outcome.ClientGone)]
    [InlineData(Ends.ClientGoneInTheMiddle, """{"kind":"hold","after":5}""", 10, 3, Exactness.Estimated, Outcome.ClientGone)]
    [InlineData(Ends.ClientGoneBeforeDone, """{"kind":"hold","after":12}""", 12, 8, Exactness.Exact, Outcome.ClientGone)]
    [InlineData(Ends.ByItself, """{"kind":"status","status":503}""", 0, 0, Exactness.Exact, Outcome.NotTaken)]
    [InlineData(Ends.ByItself, """{"kind":"status","status":408}""", 10, 0, Exactness.Estimated, Outcome.BackendBroke)]
    [InlineData(Ends.ByItself, """{"kind":"reset","at":"headers","after":0}""", 10, 0, Exactness.Estimated, Outcome.BackendBroke)]
    [InlineData(Ends.ByItself, """{"kind":"reset","after":5}""", 10, 3, Exactness.Estimated, Outcome.BackendBroke)]
    [InlineData(Ends.ByItself, """{"kind":"errorEvent","after":5}""", 10, 3, Exactness.Estimated, Outcome.BackendBroke)]
    [InlineData(Ends.ByItself, """{"kind":"truncate","after":5}""", 10, 3, Exactness.Estimated, Outcome.Complete)]
    [InlineData(Ends.ByItself, """{"kind":"noUsage"}""", 10, 8, Exactness.Estimated, Outcome.Complete)]
    [InlineData(Ends.ByItself, """{"kind":"usageWithChoices"}""", 12, 8, Exactness.Exact, Outcome.Complete)]
    [InlineData(Ends.ByItself, """{"kind":"duplicateUsage"}""", 12, 8, Exactness.Exact, Outcome.Complete)]
    [InlineData(Ends.ByItself, """{"kind":"zeroUsage"}""", 10, 8, Exactness.Estimated, Outcome.Complete)]
    [InlineData(Ends.ByItself, Filtered, 12, 0, Exactness.Estimated, Outcome.Refused)]
    [InlineData(Ends.TimeOut, """{"kind":"hang"}""", 10, 0, Exactness.Estimated, Outcome.BackendBroke)]
    [InlineData(Ends.TimeOutInTheMiddle, """{"kind":"hold","after":5}""", 10, 3, Exactness.Estimated, Outcome.BackendBroke)]
    public Task A_stream_is_charged_by_how_it_ends(Ends ends, string? fault, long input, long output, Exactness exactness, Outcome outcome) =>
        ShouldChargeAsync(true, ends, fault, new Usage(input, 0, output, 0), exactness, outcome);

    [Fact]
    public async Task What_finds_no_backend_sets_free_what_was_set_aside()
    {
        await gateway.ChangeAsync(change => change.Deployments.DeleteAsync(new DeploymentDefinition(Model, "simulator", Model)));

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).ShouldBeRefusal(502, "backend_misconfigured");

        await ShouldHaveEntryAsync(default, Exactness.Exact, Outcome.NotTaken);
    }

    [Fact]
    public async Task An_estimate_is_never_above_what_was_set_aside()
    {
        var chunks = string.Concat(Enumerable.Repeat("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n", 150)) + "data: [DONE]\n\n";
        await gateway.Simulator.FailAsync(new { kind = "html", status = 200, contentType = "text/event-stream", body = chunks });

        await gateway.Client.AskAsync(Asking.Chat, $$"""{"messages":[{"role":"user","content":"{{Question}}"}],"max_tokens":100,"stream":true}""");

        await ShouldHaveEntryAsync(new Usage(10, 0, 100, 0), Exactness.Estimated, Outcome.Complete);
    }

    [Fact]
    public async Task Of_usages_that_grow_in_a_stream_the_last_one_counts()
    {
        var chunks = string.Concat(new[] { 1, 5, 8 }.Select(n => $"data: {{\"choices\":[{{\"delta\":{{\"content\":\"x\"}}}}],\"usage\":{{\"prompt_tokens\":12,\"completion_tokens\":{n}}}}}\n\n"));
        await gateway.Simulator.FailAsync(new { kind = "html", status = 200, contentType = "text/event-stream", body = chunks + "data: [DONE]\n\n" });

        await gateway.Client.AskAsync(Asking.Chat, $$"""{"messages":[{"role":"user","content":"{{Question}}"}],"max_tokens":100,"stream":true}""");

        await ShouldHaveEntryAsync(new Usage(12, 0, 8, 0), Exactness.Exact, Outcome.Complete);
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_costs_no_more_than_the_model_can_read()
    {
        var body = $$"""{"messages":[{"role":"user","content":"{{new string('x', 900_000)}}"}],"max_tokens":100}""";

        (await gateway.Client.AskAsync(Asking.Chat, body)).ShouldBeRefusal(400, "context_length_exceeded");

        await ShouldHaveEntryAsync(new Usage(128_000, 0, 0, 0), Exactness.Estimated, Outcome.Refused);
    }

    [Theory]
    [InlineData(Asking.Embeddings, "text-embedding-3-small", "input", 8_191)]
    [InlineData(Asking.Completions, "gpt-3.5-turbo-instruct", "prompt", 4_097)]
    public async Task So_does_one_of_which_Azure_says_so_in_words_only(string path, string model, string field, long window)
    {
        await gateway.ChangeAsync(change => change.Prices.PutAsync(model, PriceOf()));

        var answer = await gateway.Client.AskAsync(path, $$"""{"{{field}}":"{{string.Concat(Enumerable.Repeat("word ", 9_000))}}"}""");

        (answer.Status, answer.Code).ShouldBe((400, null));
        answer.Message.ShouldStartWith("This model's maximum context length is ");
        await ShouldHaveEntryAsync(new Usage(window, 0, 0, 0), Exactness.Estimated, Outcome.Refused);
    }

    private static Price PriceOf() => new(1_000_000, 500_000, 2_000_000, 0, new DateOnly(2026, 1, 1), "this test");

    private async Task ShouldChargeAsync(bool stream, Ends ends, string? fault, Usage usage, Exactness exactness, Outcome outcome)
    {
        if (fault is not null and not Filtered)
            await gateway.Simulator.FailAsync(JsonDocument.Parse(fault));
        var streaming = stream ? ""","stream":true,"stream_options":{"include_usage":true}""" : "";
        var body = $$"""{"messages":[{"role":"user","content":"{{(fault == Filtered ? Filtered : Question)}}"}],"max_tokens":100{{streaming}}}""";
        using var request = Asking.Post(Asking.Chat, body);

        await LiveAsync(request, ends);

        await gateway.Log.RequestsEndedAsync(1);
        await ShouldHaveEntryAsync(usage, exactness, outcome);
    }

    private Task LiveAsync(HttpRequestMessage request, Ends ends) => ends switch
    {
        Ends.ByItself => ReadAsync(request),
        Ends.HeldThenClientGone => HangUpAsync(request, gateway.Simulator.HeldAsync(1), ReleaseAbandonedAsync),
        Ends.HungThenClientGone => HangUpAsync(request, gateway.Simulator.StartedAsync(1), () => Task.CompletedTask),
        Ends.NeverCameAfterClientGone => HangUpAsync(request, gateway.Simulator.StartedAsync(1), () => PassAsync(gateway.Options.AbandonedTimeout)),
        Ends.ClientGoneInTheMiddle or Ends.ClientGoneBeforeDone => HangUpInTheMiddleAsync(request, ends == Ends.ClientGoneBeforeDone),
        Ends.TimeOut => TimeOutAsync(request),
        Ends.TimeOutInTheMiddle => TimeOutInTheMiddleAsync(request),
        _ => throw new ArgumentOutOfRangeException(nameof(ends)),
    };

    private async Task ReadAsync(HttpRequestMessage request)
    {
        try
        {
            await gateway.Client.AskAsync(request);
        }
        catch (HttpRequestException)
        {
            // It broke off here too, as other tests say; this one is about what it costs.
        }
    }

    private async Task HangUpAsync(HttpRequestMessage request, Task before, Func<Task> after)
    {
        using var hangUp = new CancellationTokenSource();
        var asking = gateway.Client.SendAsync(request, hangUp.Token);
        await before;
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        await after();
    }

    private async Task HangUpInTheMiddleAsync(HttpRequestMessage request, bool afterUsage)
    {
        if ((await request.Content!.ReadAsStringAsync()).Contains("stream", StringComparison.Ordinal))
        {
            using var stream = await OpenAsync(request);
            await ReadUntilHeldAsync(stream, afterUsage);
            return;
        }
        using (await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
            await gateway.Simulator.HeldAsync(1);
        await ReleaseAbandonedAsync();
    }

    // Only once the gateway has seen that its client has gone.
    private async Task ReleaseAbandonedAsync()
    {
        await time.UntilDueInAsync(gateway.Options.AbandonedTimeout);
        await gateway.Simulator.ReleaseAsync();
    }

    private async Task TimeOutAsync(HttpRequestMessage request)
    {
        var asking = gateway.Client.AskAsync(request);
        await gateway.Simulator.StartedAsync(1);
        await PassAsync(gateway.Options.FirstByteTimeout);
        (await asking).ShouldBeRefusal(504, "backend_timeout");
    }

    private async Task TimeOutInTheMiddleAsync(HttpRequestMessage request)
    {
        using var answer = await OpenAsync(request);
        if (answer.Message.Content.Headers.ContentType!.MediaType == "text/event-stream")
            await ReadUntilHeldAsync(answer, false);
        await gateway.Simulator.HeldAsync(1);
        await PassAsync(gateway.Options.PauseTimeout);
        await Should.ThrowAsync<HttpIOException>(() => answer.RestAsync());
    }

    private async Task PassAsync(TimeSpan wait)
    {
        await time.UntilDueInAsync(wait);
        time.Advance(wait);
    }

    private Task<EventStream> OpenAsync(HttpRequestMessage request) => EventStream.OpenAsync(gateway.Client, request);

    // Whatever the client has seen the gateway has counted.
    private static async Task ReadUntilHeldAsync(EventStream stream, bool withUsage)
    {
        var texts = 0;
        while (await stream.NextAsync() is { } data)
        {
            texts += data.Contains("\"content\":\"", StringComparison.Ordinal) && !data.Contains("\"content\":\"\"", StringComparison.Ordinal) ? 1 : 0;
            if (withUsage ? data.Contains("\"usage\":{", StringComparison.Ordinal) : texts == 3)
                return;
        }
        throw new InvalidOperationException("The stream has ended.");
    }

    private async Task ShouldHaveEntryAsync(Usage usage, Exactness exactness, Outcome outcome)
    {
        var entry = (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem();
        var settled = entry.Settlement;
        (settled.Usage, settled.Exactness, settled.Outcome).ShouldBe((usage, exactness, outcome));
        settled.Cost.ShouldBe(usage.Input - usage.CachedInput + (usage.CachedInput + 1) / 2 + 2 * usage.Output);
        // Nothing was reserved at less than it cost, and nothing of that is left.
        settled.Usage.Input.ShouldBeLessThanOrEqualTo(entry.ReservedInput);
        settled.Usage.Output.ShouldBeLessThanOrEqualTo(entry.ReservedOutput);
        settled.Cost.ShouldBeLessThanOrEqualTo(entry.ReservedCost);
        var (open, balances) = await gateway.Ledger.AccountsAsync();
        open.ShouldBe(0);
        balances.ShouldAllBe(b => b.Reserved == 0);
        balances.Select(b => b.Used).Order().ShouldBe(new[] { outcome == Outcome.NotTaken ? 0 : 1, usage.Input, usage.Output, usage.Total, settled.Cost, 0 }.Order());
    }
}
