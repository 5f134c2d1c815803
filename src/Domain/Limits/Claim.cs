using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Domain.Limits;

/// <summary>What of a request decides how much it asks of each limit.</summary>
/// <param name="Attendee">By number; at least 1.</param>
/// <param name="Model">The model's name in the catalogue; not empty.</param>
/// <param name="At">When it was admitted: its windows are those of this moment.</param>
/// <param name="Input">The most input tokens it can have; at least 0.</param>
/// <param name="Choices">How many answers it makes, each with an output limit of its own; at least 1.</param>
/// <param name="Price">Null is unknown.</param>
public readonly record struct Claim(long Attendee, string Model, DateTimeOffset At, long Input, long Choices, Price? Price);
