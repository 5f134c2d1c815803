using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Tests;

public sealed class HoldsTests
{
    private static readonly EventWindow Kolkata = new(new DateTime(2024, 7, 1), new DateTime(2024, 7, 8), TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata"));

    private static readonly DateTimeOffset At = new(2024, 7, 1, 4, 15, 30, TimeSpan.Zero); // 09:45:30 on the wall
    private static readonly DateTimeOffset Minute = new(2024, 7, 1, 4, 15, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Hour = new(2024, 7, 1, 3, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Day = new(2024, 6, 30, 18, 30, 0, TimeSpan.Zero);
    private static readonly Price Price = Limiting.Price(2_500_000, 10_000_000, 1_250_000);
    private static readonly Claim Claim = new(7, "gpt-4o", At, 1_000, 3, Price);

    [Fact]
    public void Without_limits_nothing_is_held() => For(Claim).Holds.ShouldBeEmpty();

    [Theory]
    [InlineData(LimitScope.Attendee, null, 7, "")]
    [InlineData(LimitScope.Event, null, 0, "")]
    [InlineData(LimitScope.Model, null, 0, "gpt-4o")]
    [InlineData(LimitScope.AttendeeModel, null, 7, "gpt-4o")]
    [InlineData(LimitScope.Attendee, "gpt-4o", 7, "gpt-4o")]
    [InlineData(LimitScope.Event, "gpt-4o", 0, "gpt-4o")]
    [InlineData(LimitScope.Model, "gpt-4o", 0, "gpt-4o")]
    [InlineData(LimitScope.AttendeeModel, "gpt-4o", 7, "gpt-4o")]
    public void Scope_says_whose_account_it_is(LimitScope scope, string? model, long attendee, string accountModel) =>
        Single(new Limit(1, scope, LimitUnit.Requests, LimitWindow.Event, 10, model), Claim).Account
            .ShouldBe(new AccountKey("hack", attendee, accountModel, LimitUnit.Requests, LimitWindow.Event, 0));

    [Theory]
    [InlineData(LimitScope.Attendee)]
    [InlineData(LimitScope.Event)]
    [InlineData(LimitScope.Model)]
    [InlineData(LimitScope.AttendeeModel)]
    public void Limit_on_another_model_does_not_apply(LimitScope scope) =>
        For(Claim, new Limit(1, scope, LimitUnit.Money, LimitWindow.Day, 10, "gpt-4")).Holds.ShouldBeEmpty();

    [Fact]
    public void Windows_are_those_of_the_moment_in_the_events_time_zone()
    {
        Held(LimitWindow.Minute).ShouldBe((Minute.ToUnixTimeSeconds(), Minute.AddMinutes(1)));
        Held(LimitWindow.Hour).ShouldBe((Hour.ToUnixTimeSeconds(), Hour.AddHours(1)));
        Held(LimitWindow.Day).ShouldBe((Day.ToUnixTimeSeconds(), Day.AddDays(1)));
        Held(LimitWindow.Event).ShouldBe((0, null));
    }

    [Theory]
    [InlineData(LimitUnit.Requests, 1, 0, 1)]
    [InlineData(LimitUnit.InputTokens, 1_000, 0, 1)]
    [InlineData(LimitUnit.OutputTokens, 0, 3, 1)]
    [InlineData(LimitUnit.TotalTokens, 1_000, 3, 1)]
    [InlineData(LimitUnit.Money, 2_500_000_000, 30_000_000, 1_000_000)] // 2,500 micro-dollars and 30 for each token of the limit
    [InlineData(LimitUnit.InFlight, 1, 0, 1)]
    public void Unit_says_how_much_is_asked_for(LimitUnit unit, long fixedPart, long perToken, long scale)
    {
        var hold = Single(Of(unit, LimitWindow.Hour), Claim);

        (hold.Fixed, hold.PerToken, hold.Scale).ShouldBe((fixedPart, perToken, scale));
    }

    [Fact]
    public void Input_is_held_at_its_dearest_even_where_cached_input_costs_more() =>
        Single(Of(LimitUnit.Money, LimitWindow.Day), Claim with { Price = Limiting.Price(1, 0, cachedInput: 5) }).Fixed.ShouldBe(5_000);

    [Fact]
    public void Requests_in_flight_have_no_window_whatever_the_limit_says()
    {
        var limits = For(Claim, Of(LimitUnit.InFlight, LimitWindow.Minute), Of(LimitUnit.InFlight, LimitWindow.Day)).Holds;

        limits.ShouldHaveSingleItem().Account.ShouldBe(new AccountKey("hack", 7, "", LimitUnit.InFlight, LimitWindow.Event, 0));
        limits[0].Frees.ShouldBeNull();
    }

    [Fact]
    public void Limit_on_money_is_named_where_the_price_is_unknown()
    {
        var money = Of(LimitUnit.Money, LimitWindow.Day);

        var list = For(Claim with { Price = null }, Of(LimitUnit.Requests, LimitWindow.Day), money);

        list.Unpriced.ShouldBe(money);
        list.Holds.ShouldBeEmpty();
    }

    [Fact]
    public void Unknown_price_does_not_matter_where_money_is_limited_on_other_models_only() =>
        For(Claim with { Price = null }, Of(LimitUnit.Money, LimitWindow.Day) with { Model = "gpt-4" }).Unpriced.ShouldBeNull();

    [Fact]
    public void Of_limits_that_share_an_account_the_smallest_cap_counts()
    {
        var wide = new Limit(1, LimitScope.Model, LimitUnit.Requests, LimitWindow.Day, 100);
        var narrow = new Limit(2, LimitScope.Event, LimitUnit.Requests, LimitWindow.Day, 40, "gpt-4o");

        Single([wide, narrow], Claim).Limit.ShouldBe(narrow);
        Single([narrow, wide], Claim).Limit.ShouldBe(narrow);
        Single([narrow, wide], Claim).Cap.ShouldBe(40);
    }

    [Fact]
    public void Raised_cap_counts_for_personal_limits_and_never_lowers_one()
    {
        var personal = new Limit(1, LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Day, 100);

        Raised(personal, 250).ShouldBe(250);
        Raised(personal, 50).ShouldBe(100);
        Raised(personal with { Scope = LimitScope.AttendeeModel }, 250).ShouldBe(250);
        Raised(personal with { Scope = LimitScope.Event }, 250).ShouldBe(100);
        Raised(personal with { Scope = LimitScope.Model }, 250).ShouldBe(100);
        Raised(personal, long.MaxValue).ShouldBe(Limit.MaxCap);
    }

    [Fact]
    public void Raise_of_the_narrower_limit_may_leave_the_other_to_count()
    {
        var (narrow, wide) = (Of(LimitUnit.Requests, LimitWindow.Day) with { Cap = 40 }, Of(LimitUnit.Requests, LimitWindow.Day) with { Id = 2, Cap = 100 });

        var hold = Holds.For("hack", Kolkata, [narrow, wide], new Dictionary<long, long> { [1] = 500 }, Claim).Holds.ShouldHaveSingleItem();

        (hold.Limit, hold.Cap).ShouldBe((wide, 100));
    }

    [Fact]
    public void Claim_of_nobody_or_no_model_would_be_everybodys_and_is_not_taken()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => For(Claim with { Attendee = 0 }));
        Should.Throw<ArgumentOutOfRangeException>(() => For(Claim with { Model = "" }));
        Should.Throw<ArgumentOutOfRangeException>(() => For(Claim with { Input = -1 }));
        Should.Throw<ArgumentOutOfRangeException>(() => For(Claim with { Choices = 0 }));
    }

    [Fact]
    public void Every_limit_that_applies_is_kept_when_all_holds_are()
    {
        var claims =
            from limits in AnyLimit.ListOf()
            from attendee in Gen.Choose(1, 2)
            from model in Gen.Elements("gpt-4o", "gpt-4")
            from seconds in Gen.Choose(-500_000, 500_000)
            from input in Numbers.AtLeast0
            from choices in Numbers.AtLeast1
            select (Limits: limits.Select((l, i) => l with { Id = i }).ToArray(), Claim: new Claim(attendee, model, At.AddSeconds(seconds), input, choices, Price));

        Prop.ForAll(claims.ToArbitrary(), c =>
        {
            var holds = For(c.Claim, c.Limits).Holds;
            var applying = c.Limits.Where(l => l.Model is null || l.Model == c.Claim.Model).ToArray();
            var areDistinct = holds.DistinctBy(h => h.Account).Count() == holds.Length;
            var areOfLimits = holds.All(h => applying.Contains(h.Limit) && h.Cap == Math.Min(h.Limit.Cap, Limit.MaxCap));
            // Each has a hold on its own account, alone or with others, and with no wider cap than its own.
            return areDistinct && areOfLimits && applying.All(l => holds.Any(h => h.Account == Single(l, c.Claim).Account && h.Cap <= l.Cap));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static Gen<Limit> AnyLimit =>
        from scope in Gen.Elements(Enum.GetValues<LimitScope>())
        from unit in Gen.Elements(Enum.GetValues<LimitUnit>())
        from window in Gen.Elements(Enum.GetValues<LimitWindow>())
        from cap in Numbers.AtLeast0
        from model in Gen.Elements<string?>(null, "gpt-4o", "gpt-4")
        select new Limit(0, scope, unit, window, cap, model);

    private static Limit Of(LimitUnit unit, LimitWindow window) => new(1, LimitScope.Attendee, unit, window, 100);

    private static HoldList For(Claim claim, params Limit[] limits) => Holds.For("hack", Kolkata, limits, new Dictionary<long, long>(), claim);

    private static Hold Single(Limit limit, Claim claim) => Single([limit], claim);

    private static Hold Single(Limit[] limits, Claim claim) => For(claim, limits).Holds.ShouldHaveSingleItem();

    private static (long Start, DateTimeOffset? Frees) Held(LimitWindow window)
    {
        var hold = Single(Of(LimitUnit.Requests, window), Claim);
        hold.Account.Window.ShouldBe(window);
        return (hold.Account.Start, hold.Frees);
    }

    private static long Raised(Limit limit, long cap) =>
        Holds.For("hack", Kolkata, [limit], new Dictionary<long, long> { [limit.Id] = cap }, Claim).Holds.ShouldHaveSingleItem().Cap;
}
