using Microsoft.AspNetCore.Mvc;

namespace OpenAIProxy.Portal.Lists;

/// <summary>Of which time something is asked for: what reports and lists of requests take in their query.</summary>
internal sealed class SpanParameters
{
    /// <summary>At or after this moment, with Z or its offset.</summary>
    [FromQuery(Name = "from")]
    public Moment? From { get; init; }

    /// <summary>Before this moment, with Z or its offset.</summary>
    [FromQuery(Name = "to")]
    public Moment? To { get; init; }
}
