using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Storage.Queries;

/// <summary>Sorts by at, cost, input or output, newest first unless it says otherwise; searches requests and models.</summary>
public sealed record EntryQuery : PageQuery
{
    /// <summary>Null is all events that the viewer sees.</summary>
    public EventCode? Event { get; init; }

    public long? Attendee { get; init; }

    /// <summary>By its name in the catalogue.</summary>
    public string? Model { get; init; }

    public Operation? Operation { get; init; }

    /// <summary>At or after this moment.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    public Outcome? Outcome { get; init; }

    public Exactness? Exactness { get; init; }
}
