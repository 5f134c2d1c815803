namespace OpenAIProxy.Domain.Refusals;

/// <summary>What is kept of a refusal.</summary>
/// <param name="Event">The code of an event that there is; empty where nobody knows whose request it was.</param>
/// <param name="Attendee">By number; null where it is not known who asked, or only said.</param>
/// <param name="Code">The refusal's own, for programs.</param>
/// <param name="Message">What the attendee was told.</param>
/// <param name="Request">The id that the answer had.</param>
public readonly record struct RefusalNote(string Event, long? Attendee, string Code, string Message, DateTimeOffset At, string Request);
