using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Tests;

public sealed class OutputLimitTests
{
    [Theory]
    [InlineData(null, 1, 4_096, 16_384, 4_096L)] // nothing asked for: below the model's own maximum
    [InlineData(null, 1, 4_096, 4_096, null)] // the model stops there by itself
    [InlineData(100L, 1, 4_096, 16_384, null)] // modest
    [InlineData(4_096L, 1, 4_096, 16_384, null)] // just so
    [InlineData(4_097L, 1, 4_096, 16_384, 4_096L)]
    [InlineData(null, 3, 4_096, 16_384, 1_365L)] // shared by the choices, rounded down
    [InlineData(1_366L, 3, 4_096, 16_384, 1_365L)]
    [InlineData(1L, 4_097, 4_096, 16_384, 0L)] // not one token for each
    [InlineData(0L, 4_097, 4_096, 16_384, 0L)] // nor where none is asked for
    [InlineData(long.MaxValue, 1, 1, 1, 1L)]
    public void Examples(long? asked, long choices, long cap, long modelMaximum, long? expected) =>
        OutputLimit.PerChoice(asked, choices, cap, modelMaximum).ShouldBe(expected);

    [Fact]
    public void Cap_is_never_exceeded_and_nothing_is_written_without_need()
    {
        var requests =
            from asked in Gen.OneOf(Gen.Constant<long?>(null), Gen.Elements<long>(1, 2, 100, 4_096, long.MaxValue).Select(a => (long?)a), Positive.Select(a => (long?)a))
            from choices in Positive
            from cap in Positive
            from modelMaximum in Positive
            select (asked, choices, cap, modelMaximum);

        Prop.ForAll(requests.ToArbitrary(), Holds).QuickCheckThrowOnFailure();
    }

    // Near the small numbers, where rounding bites, as well as anywhere.
    private static Gen<long> Positive => Gen.OneOf(Gen.Choose(1, 12).Select(i => (long)i), Gen.Choose(1, int.MaxValue).Select(i => (long)i));

    private static bool Holds((long? Asked, long Choices, long Cap, long ModelMaximum) request)
    {
        var (asked, choices, cap, modelMaximum) = request;
        var limit = OutputLimit.PerChoice(asked, choices, cap, modelMaximum);
        // What a backend could put out for each choice: never more than the model can, or than was sent.
        Int128 each = Math.Min(limit ?? asked ?? modelMaximum, modelMaximum);
        var isKept = each * choices <= cap || limit is null && Math.Min(asked ?? modelMaximum, modelMaximum) <= cap / choices;
        var isNeeded = limit is null || limit < (asked ?? modelMaximum) || limit == 0;
        var isGenerous = limit is null || limit == cap / choices;
        return isKept && isNeeded && isGenerous;
    }
}
