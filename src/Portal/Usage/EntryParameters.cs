using Microsoft.AspNetCore.Mvc;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Portal.Usage;

/// <summary>Which entries are asked for, in the query of a list or of a download.</summary>
internal sealed class EntryParameters
{
    /// <summary>Only this attendee's, by id.</summary>
    [FromQuery(Name = "attendee")]
    public long? Attendee { get; init; }

    /// <summary>Only this model's, by its name in the catalogue.</summary>
    [FromQuery(Name = "model")]
    public string? Model { get; init; }

    /// <summary>Only this operation's.</summary>
    [FromQuery(Name = "operation")]
    public Word<Operation>? Operation { get; init; }

    /// <summary>How the request ended.</summary>
    [FromQuery(Name = "outcome")]
    public Word<Outcome>? Outcome { get; init; }

    /// <summary>How well the usage is known.</summary>
    [FromQuery(Name = "exactness")]
    public Word<Exactness>? Exactness { get; init; }

    public EntryQuery QueryOf(SpanParameters span) => new()
    {
        Attendee = Attendee,
        Model = Model,
        Operation = Operation?.Value,
        From = span.From?.At,
        Until = span.To?.At,
        Outcome = Outcome?.Value,
        Exactness = Exactness?.Value,
    };
}
