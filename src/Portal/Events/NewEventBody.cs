using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Portal.Limits;

namespace OpenAIProxy.Portal.Events;

/// <summary>An event as organisers make it.</summary>
internal sealed record NewEventBody : EventBody
{
    /// <summary>How much may be used; absent or null has the limits of new events, none is no limit.</summary>
    public IReadOnlyList<LimitBody>? Limits { get; init; }

    public IEnumerable<Limit> ToLimits() => Limits?.Select(l => l.ToLimit()) ?? DefaultLimits.All;
}
