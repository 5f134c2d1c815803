namespace OpenAIProxy.Storage.Refusals;

/// <summary>The last time that an attendee was refused.</summary>
/// <param name="Code">For programs, such as <c>limit_requests_per_minute</c>.</param>
/// <param name="Message">What they were told.</param>
/// <param name="Request">The id that the answer had.</param>
public sealed record LastRefusal(DateTimeOffset At, string Code, string Message, string Request);
