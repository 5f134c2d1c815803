using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>An event that a token lets in to.</summary>
/// <param name="StillAdmits">As in <see cref="Caller.OfEvent"/>.</param>
internal sealed record TokenEntry(Event Event, UserId User, Func<Event, bool> StillAdmits);
