using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Domain.Tests;

public sealed class ShortfallTests
{
    private static readonly DateTimeOffset Now = new(2024, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Window_must_end_where_settled_use_alone_leaves_no_room()
    {
        var shortfall = Of(used: 95, reserved: 5, wanted: 10, Now.AddMinutes(40));

        shortfall.OnlyReservationsInTheWay.ShouldBeFalse();
        shortfall.Wait(Now).ShouldBe(TimeSpan.FromMinutes(40));
    }

    [Fact]
    public void Moment_is_enough_where_only_reservations_are_in_the_way()
    {
        var shortfall = Of(used: 90, reserved: 5, wanted: 10, Now.AddMinutes(40));

        shortfall.OnlyReservationsInTheWay.ShouldBeTrue();
        shortfall.Wait(Now).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Reservations_are_out_of_the_way_when_the_window_ends() =>
        Of(used: 0, reserved: 100, wanted: 10, Now.AddSeconds(0.3)).Wait(Now).ShouldBe(TimeSpan.FromSeconds(0.3));

    [Fact]
    public void Reservations_of_the_whole_event_are_waited_for_too() =>
        Of(used: 0, reserved: 100, wanted: 10, frees: null).Wait(Now).ShouldBe(Shortfall.Moment);

    [Fact]
    public void Whole_event_never_frees() => Of(used: 95, reserved: 0, wanted: 10, frees: null).Wait(Now).ShouldBeNull();

    [Fact]
    public void Request_above_the_cap_never_fits_however_empty_the_account_is()
    {
        var shortfall = Of(used: 0, reserved: 0, wanted: 101, Now.AddSeconds(10));

        shortfall.NeverFits.ShouldBeTrue();
        shortfall.Wait(Now).ShouldBeNull();
    }

    [Fact]
    public void Request_for_all_of_the_cap_fits_once_the_account_is_empty()
    {
        var shortfall = Of(used: 1, reserved: 0, wanted: 100, Now.AddSeconds(10));

        shortfall.NeverFits.ShouldBeFalse();
        shortfall.Wait(Now).ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Window_that_has_ended_by_now_is_not_waited_for() =>
        Of(used: 100, reserved: 0, wanted: 1, Now.AddSeconds(-1)).Wait(Now).ShouldBe(TimeSpan.Zero);

    [Fact]
    public void A_cap_that_was_lowered_below_what_is_used_has_more_in_the_way_than_reservations()
    {
        var shortfall = Of(used: 500, reserved: long.MaxValue, wanted: 1, Now.AddMinutes(1));

        shortfall.OnlyReservationsInTheWay.ShouldBeFalse();
    }

    private static Shortfall Of(long used, long reserved, long wanted, DateTimeOffset? frees) =>
        new(Limiting.Hold(100, wanted, frees: frees), used, reserved, wanted);
}
