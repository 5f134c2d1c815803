using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Tests;

public sealed class DefaultLimitsTests
{
    [Fact]
    public void New_event_lets_an_ordinary_request_in_even_where_nothing_has_a_price()
    {
        var window = new EventWindow(new DateTime(2024, 7, 1), new DateTime(2024, 7, 8), TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata"));

        var list = Holds.For("hack", window, DefaultLimits.All, new Dictionary<long, long>(), new Claim(1, "gpt-4o", window.Opens, 20_000, 1, null));

        list.Unpriced.ShouldBeNull();
        list.Holds.Length.ShouldBe(DefaultLimits.All.Count);
        Decision.Largest(list.Holds.AsSpan(), new Balance[list.Holds.Length], Event.DefaultReasoningOutputCap, 64).Output.ShouldBe(Event.DefaultReasoningOutputCap);
    }

    [Fact]
    public void Each_attendee_has_their_own() => DefaultLimits.All.ShouldAllBe(limit => limit.IsPersonal && limit.Cap <= Limit.MaxCap);
}
