using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>What one request used, as organisers see it.</summary>
/// <param name="Request">The id that its answer had.</param>
/// <param name="Event">The event's code.</param>
/// <param name="AttendeeName">Null where they were removed.</param>
/// <param name="At">When it was admitted: the windows of limits go by it.</param>
/// <param name="StatedInput">Of the reserved input: tools, images and other parts that have no proven bound but a stated one, margin included.</param>
/// <param name="ReservedOutput">Over all choices.</param>
/// <param name="ReservedCost">In micro-dollars, as is <paramref name="Cost"/>.</param>
/// <param name="CachedInput">Of the input.</param>
/// <param name="Reasoning">Of the output.</param>
public sealed record EntryView(
    long Id,
    string Request,
    string Event,
    long Attendee,
    string? AttendeeName,
    string Model,
    Operation Operation,
    DateTimeOffset At,
    DateTimeOffset SettledAt,
    long ReservedInput,
    long StatedInput,
    long ReservedOutput,
    long ReservedCost,
    long Input,
    long CachedInput,
    long Output,
    long Reasoning,
    long Cost,
    Exactness Exactness,
    Outcome Outcome);
