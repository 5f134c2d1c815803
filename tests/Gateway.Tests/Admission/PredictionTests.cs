using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Gateway.Tests.Admission;

/// <summary>What a client predicts of the answer and the model does not put out is billed as if it had: it is set aside beside the output limit.</summary>
public sealed class PredictionTests : IAsyncLifetime
{
    private static readonly EventCode Hackathon = EventCode.Parse("hackathon");

    // Fifty tokens that no answer has. Of 35 bytes of JSON around them, none is known to be free.
    private static readonly string Wrong = string.Concat(Enumerable.Repeat(" zzzzzzz", 50));
    private static readonly int WrongBytes = """{"type":"content","content":""}""".Length + Wrong.Length;

    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.ChangeAsync(async change =>
        {
            await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { ApiVersion = "2025-01-01-preview" });
            await change.Prices.PutAsync("gpt-4o", new Price(1_000_000, 500_000, 2_000_000, 0, new DateOnly(2026, 1, 1), "this test"));
            foreach (var limit in await change.Limits.ListAsync(Hackathon))
                await change.Limits.DeleteAsync(Hackathon, limit.Id);
        });
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("\"stream\":false")]
    [InlineData("\"stream\":true")]
    public async Task What_is_rejected_was_set_aside_and_is_charged_once(string stream)
    {
        (await gateway.Client.AskAsync(Asking.Chat, Body(Wrong, 100, stream))).Status.ShouldBe(200);

        var seen = (await gateway.Simulator.EndedAsync(1)).ShouldHaveSingleItem();
        var entry = (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem();
        seen.Field("max_tokens")?.GetInt64().ShouldBe(100);
        seen.CompletionTokens.ShouldBe(150);
        entry.ReservedOutput.ShouldBe(100 + WrongBytes);
        entry.Settlement.Usage.ShouldBe(new Usage(seen.PromptTokens, 0, 150, 0));
        entry.Settlement.Exactness.ShouldBe(Exactness.Exact);
        entry.Settlement.Cost.ShouldBe(seen.PromptTokens + 2 * 150);
        entry.Settlement.Cost.ShouldBeLessThanOrEqualTo(entry.ReservedCost);
        // Whether it is input as well is not known.
        (entry.ReservedInput - seen.PromptTokens).ShouldBeGreaterThanOrEqualTo(WrongBytes);
    }

    [Theory]
    [InlineData(LimitUnit.OutputTokens, 3_000)]
    [InlineData(LimitUnit.TotalTokens, 5_000)]
    [InlineData(LimitUnit.Money, 8_000)]
    public async Task No_cap_is_passed_by_predictions_at_once(LimitUnit unit, long cap)
    {
        await LimitAsync(unit, cap);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => gateway.Client.AskAsync(Asking.Chat, Body(Wrong, 80 + i % 20, "\"stream\":false"))));

        var served = (await gateway.Simulator.ServedAsync()).GetProperty("total");
        var (input, output) = (served.GetProperty("promptTokens").GetInt64(), served.GetProperty("completionTokens").GetInt64());
        (unit switch { LimitUnit.OutputTokens => output, LimitUnit.TotalTokens => input + output, _ => input + 2 * output }).ShouldBeInRange(1, cap);
        answers.ShouldContain(a => a.Status == 200);
        answers.ShouldContain(a => a.Status != 200);
    }

    [Fact]
    public async Task The_output_limit_is_lowered_to_what_the_prediction_leaves()
    {
        await LimitAsync(LimitUnit.OutputTokens, WrongBytes + 70);

        var lowered = await gateway.Client.AskAsync(Asking.Chat, Body(Wrong, 1_000, "\"stream\":false"));
        var refused = await gateway.Client.AskAsync(Asking.Chat, Body(Wrong + Wrong, 1_000, "\"stream\":false"));

        lowered.Status.ShouldBe(200);
        lowered.Header("x-output-limit").ShouldBe("70");
        (await gateway.Simulator.EndedAsync(1)).ShouldHaveSingleItem().Field("max_tokens")?.GetInt64().ShouldBe(70);
        refused.ShouldBeRefusal(403, "limit_output_tokens_per_event");
    }

    [Fact]
    public async Task What_a_broken_stream_rejected_of_a_prediction_is_estimated()
    {
        await gateway.Simulator.FailAsync(new { kind = "truncate", after = 20 });

        await gateway.Client.AskAsync(Asking.Chat, Body(Wrong, 100, "\"stream\":true"));

        var entry = (await gateway.Ledger.EntriesAsync()).ShouldHaveSingleItem();
        entry.Settlement.Exactness.ShouldBe(Exactness.Estimated);
        // Four bytes are a token.
        entry.Settlement.Usage.Output.ShouldBe((WrongBytes + 3) / 4);
    }

    private Task<long> LimitAsync(LimitUnit unit, long cap) =>
        gateway.ChangeAsync(change => change.Limits.AddAsync(Hackathon, new Limit(0, LimitScope.Attendee, unit, LimitWindow.Event, cap)));

    private static string Body(string prediction, int limit, string stream) =>
        $$$"""{"max_tokens":{{{limit}}},{{{stream}}},"messages":[{"role":"user","content":"a poem [[tokens=1000]]"}],"prediction":{"type":"content","content":"{{{prediction}}}"}}""";
}
