using System.Collections.Immutable;
using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Domain.Ledger;

/// <summary>All that one request asks of the ledger before it leaves.</summary>
public sealed record Demand
{
    /// <summary>In the place of an event's code: a call of the proxy's own, such as a test of a backend.</summary>
    public const string NoEvent = "";

    /// <summary>In the place of an attendee: whom calls of the proxy's own are charged to. Not 0, which is everybody in an account.</summary>
    public const long Nobody = -1;

    /// <summary>The event's code, or <see cref="NoEvent"/>.</summary>
    public required string Event { get; init; }

    /// <summary>By number, or <see cref="Nobody"/>.</summary>
    public required long Attendee { get; init; }

    /// <summary>The model's name in the catalogue.</summary>
    public required string Model { get; init; }

    public required Operation Operation { get; init; }

    /// <summary>The request's id, as clients and logs have it.</summary>
    public required Guid Request { get; init; }

    /// <summary>When it was admitted: what it uses belongs to the windows of this moment, whenever it settles.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The first second of its hour in the event's time zone, since 1970 in UTC: under which its totals are kept.</summary>
    public required long Hour { get; init; }

    /// <summary>Every account that has a limit; none where the event has no limits. A hold is large: read it in its place.</summary>
    public required ImmutableArray<Hold> Holds { get; init; }

    /// <summary>The most input tokens it can have.</summary>
    public required long Input { get; init; }

    /// <summary>
    /// How many of <see cref="Input"/> have no proven bound but a stated one (parts of contents, tools, images, files): by what
    /// is used above that, a cap may be passed.
    /// </summary>
    public long StatedInput { get; init; }

    /// <summary>How many answers it makes, each with an output limit of its own; at least 1.</summary>
    public required long Choices { get; init; }

    /// <summary>
    /// The output tokens for one choice that it would like: its output limit, and what may come <see cref="Sizing.OutputBeside">beside</see> that;
    /// 0 where it puts nothing out.
    /// </summary>
    public required long Wanted { get; init; }

    /// <summary>The least output tokens for one choice that are of use; at most <see cref="Wanted"/>.</summary>
    public required long Least { get; init; }

    /// <summary>What it is charged at, whatever the price becomes; null is unknown and costs nothing.</summary>
    public Price? Price { get; init; }

    /// <summary>The most output tokens it can have over all choices, each with so many; saturates at <see cref="long.MaxValue"/>.</summary>
    public long OutputAtMost(long output) => (long)Int128.Min((Int128)Choices * output, long.MaxValue);

    /// <summary>The most it can cost with so many output tokens for one choice, in micro-dollars.</summary>
    public long CostAtMost(long output) => Cost.AtMost(Input, OutputAtMost(output), Price);
}
