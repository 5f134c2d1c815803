using OpenAIProxy.Domain.Sizing;

namespace OpenAIProxy.Domain.Tests;

public sealed class OutputBesideTests
{
    private static readonly RequestSize Predicting = new() { TextBytes = 1_000, PredictionBytes = 100, PredictionNonAsciiBytes = 60 };

    [Fact]
    public void Every_byte_of_a_prediction_may_be_a_token_that_is_rejected()
    {
        OutputBeside.AtMost(Predicting).ShouldBe(100);
        OutputBeside.AtMost(new RequestSize { TextBytes = 1_000 }).ShouldBe(0);
    }

    [Theory]
    [InlineData(0, 1, 0)] // nothing was made
    [InlineData(5, 1, 30)] // 40 / 4 + 60 / 3
    [InlineData(29, 1, 30)]
    [InlineData(31, 1, 31)] // what has come has used it up
    [InlineData(31, 2, 60)]
    public void What_was_rejected_unseen_is_taken_for_what_the_prediction_has_more(long seen, long choices, long estimate) =>
        OutputBeside.Estimate(Predicting, seen, choices).ShouldBe(estimate);

    [Fact]
    public void Without_a_prediction_what_was_seen_counts() => OutputBeside.Estimate(new RequestSize { TextBytes = 1_000 }, 7, 3).ShouldBe(7);
}
