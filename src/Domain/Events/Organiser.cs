namespace OpenAIProxy.Domain.Events;

/// <summary>Who owns an event. The e-mail address is shown to attendees only, never to the public.</summary>
public sealed record Organiser(string Name, string? Email = null);
