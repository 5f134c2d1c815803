using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Tests;

public sealed class UsageTests
{
    [Fact]
    public void Report_that_can_be_is_taken_as_it_is() => Usage.Reported(100, 40, 20, 5).ShouldBe(new Usage(100, 40, 20, 5));

    [Fact]
    public void Broken_report_is_brought_to_what_can_be()
    {
        Usage.Reported(-1, 5, -1, 5).ShouldBe(default);
        Usage.Reported(10, 11, 3, 4).ShouldBe(new Usage(10, 10, 3, 3));
    }

    [Fact]
    public void No_report_is_too_large_to_be_added_up()
    {
        var numbers = Gen.OneOf(Numbers.AtLeast0, Numbers.AtLeast0.Select(n => -n));
        var reports = from a in numbers from b in numbers from c in numbers from d in numbers select Usage.Reported(a, b, c, d);

        Prop.ForAll(reports.ToArbitrary(), u => u.Total is >= 0 and <= 2 * Limit.MaxCap && u.CachedInput <= u.Input && u.Reasoning <= u.Output)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }
}
