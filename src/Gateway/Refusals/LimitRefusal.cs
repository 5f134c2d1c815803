using System.Collections.Frozen;
using System.Globalization;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Gateway.Admission;

namespace OpenAIProxy.Gateway.Refusals;

/// <summary>Says which limit is in the way, what stands in its account, and when it frees.</summary>
internal static class LimitRefusal
{
    // Clients wait for as long as they are told, and hold the request until then: what takes longer is for people to decide.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    // Characters; a longer sentence only takes more steps to make.
    private const int MostCommon = 256;

    private static readonly FrozenDictionary<(LimitUnit, LimitWindow), string> Codes = (
        from unit in Enum.GetValues<LimitUnit>()
        where unit != LimitUnit.InFlight
        from window in Enum.GetValues<LimitWindow>()
        select KeyValuePair.Create((unit, window), $"limit_{UnitCode(unit)}_per_{window.ToString().ToLowerInvariant()}")).ToFrozenDictionary();

    /// <param name="allowance">What all limits leave the attendee.</param>
    public static Refusal Of(Shortfall shortfall, Event @event, Attendee attendee, Allowance allowance)
    {
        var (limit, wait) = (shortfall.Hold.Limit, shortfall.Wait(allowance.At));
        var advice = Advice(shortfall, wait, @event, allowance.At);
        var message = limit.Unit == LimitUnit.InFlight ? OnTheWay(shortfall, advice) : Counted(shortfall, advice);
        return wait is { } soon && soon <= LongestWait
            ? Refuse.LimitForNow(CodeOf(limit), message, soon, attendee, allowance)
            : Refuse.LimitReached(CodeOf(limit), message, attendee, allowance);
    }

    /// <summary>For programs: <c>limit_requests_per_minute</c>, <c>limit_money_per_event</c>, <c>limit_requests_in_flight</c>.</summary>
    public static string CodeOf(Limit limit) => limit.Unit == LimitUnit.InFlight ? "limit_requests_in_flight" : Codes[(limit.Unit, limit.Window)];

    private static string UnitCode(LimitUnit unit) => unit switch
    {
        LimitUnit.Requests => "requests",
        LimitUnit.InputTokens => "input_tokens",
        LimitUnit.OutputTokens => "output_tokens",
        LimitUnit.TotalTokens => "tokens",
        LimitUnit.Money => "money",
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    private static string OnTheWay(Shortfall shortfall, string advice) => string.Create(
        CultureInfo.InvariantCulture,
        stackalloc char[MostCommon],
        $"{WhoOf(shortfall)} have {shortfall.Reserved:N0} {(shortfall.Reserved == 1 ? "request" : "requests")} on the way, of {shortfall.Hold.Cap:N0} that may be at the same time. {advice}");

    private static string Counted(Shortfall shortfall, string advice)
    {
        var limit = shortfall.Hold.Limit;
        var (used, cap) = (new Amount(shortfall.Used, limit.Unit), new Amount(shortfall.Hold.Cap, limit.Unit));
        return string.Create(
            CultureInfo.InvariantCulture,
            stackalloc char[MostCommon],
            $"{WhoOf(shortfall)} have used {used} of {cap}{NounOf(limit.Unit)} {WindowOf(limit.Window)}{ReservedOf(shortfall)}{NeedOf(shortfall)}. {advice}");
    }

    private static string WhoOf(Shortfall shortfall)
    {
        var who = shortfall.Hold.Limit.IsPersonal ? "You" : "All attendees together";
        return shortfall.Hold.Account.Model is { Length: > 0 } model ? $"{who}, on the model '{model}'," : who;
    }

    private static string NounOf(LimitUnit unit) => unit switch
    {
        LimitUnit.Requests => " requests",
        LimitUnit.InputTokens => " input tokens",
        LimitUnit.OutputTokens => " output tokens",
        LimitUnit.TotalTokens => " tokens",
        _ => "",
    };

    private static string WindowOf(LimitWindow window) => window switch
    {
        LimitWindow.Minute => "this minute",
        LimitWindow.Hour => "this hour",
        LimitWindow.Day => "today",
        _ => "in this event",
    };

    private static string ReservedOf(Shortfall shortfall) =>
        shortfall.Reserved > 0
        ? string.Create(CultureInfo.InvariantCulture, $", with {new Amount(shortfall.Reserved, shortfall.Hold.Limit.Unit)} more set aside for requests on their way")
        : "";

    // A request is one request: nobody has to be told.
    private static string NeedOf(Shortfall shortfall) =>
        shortfall.Hold.Limit.Unit == LimitUnit.Requests
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; this request needs at least {new Amount(shortfall.Wanted, shortfall.Hold.Limit.Unit)}");

    private static string Advice(Shortfall shortfall, TimeSpan? wait, Event @event, DateTimeOffset now)
    {
        if (shortfall.Hold.Cap == 0)
            return "The limit allows nothing: ask the organiser to raise it.";
        if (shortfall.NeverFits)
            return "That is more than the limit itself: ask for less, or ask the organiser to raise it.";
        if (wait is not { } time)
            return "Nothing frees it by itself: ask the organiser to raise it.";
        if (shortfall.OnlyReservationsInTheWay)
            return "Try again in a moment.";
        return string.Create(CultureInfo.InvariantCulture, $"The limit starts anew at {@event.Window.Local(now + time):yyyy-MM-dd HH:mm:ss} ({@event.Window.TimeZone.Id}).");
    }

    /// <summary>How much it is, without the unit's name but with the sign of money, as people read it; written into the sentence around it.</summary>
    private readonly struct Amount(long amount, LimitUnit unit) : ISpanFormattable
    {
        public override string ToString() => ToString(null, CultureInfo.InvariantCulture);

        public string ToString(string? format, IFormatProvider? formatProvider) => string.Create(formatProvider, $"{this}");

        public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) => unit == LimitUnit.Money
            ? destination.TryWrite(provider, $"${amount / 1_000_000m:#,0.00####}", out charsWritten)
            : amount.TryFormat(destination, out charsWritten, "N0", provider);
    }
}
