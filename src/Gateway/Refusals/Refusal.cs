using OpenAIProxy.Gateway.Admission;

namespace OpenAIProxy.Gateway.Refusals;

/// <summary>An answer the proxy gives by itself: a value that a stage returns, written in one place. <see cref="Refuse"/> lists them all.</summary>
/// <param name="Code">For programs: never changes its meaning.</param>
/// <param name="Message">For people: says what to do. Never holds a secret, a prompt or a backend's host.</param>
internal sealed record Refusal(int Status, string Type, string Code, string Message)
{
    /// <summary>The field of the request that is wrong, if it is one.</summary>
    public string? Param { get; init; }

    /// <summary>When trying again may help; sent as 1 to 60 seconds, because clients wait as long as they are told.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is left of the event's limits, where one of them is the reason.</summary>
    public Allowance? Allowance { get; init; }

    /// <summary>The event that it is counted in, where the caller did not come to be known; null where no event is known either.</summary>
    public string? Event { get; init; }

    /// <summary>The attendee who is refused, by number, where only this tells it.</summary>
    public long? Attendee { get; init; }

    /// <summary>Whether a backend is the reason: the proxy let the request in, so it is not counted as refused.</summary>
    public bool IsOfBackend { get; init; }

    /// <summary>Whether trying again cannot help, so that clients do not.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether it is said as the last event of a stream that has begun, in the place of its end.</summary>
    public bool EndsStream { get; init; }

    /// <summary>Whether what is left of the request's body will not be read, so that the connection has to go.</summary>
    public bool ClosesConnection { get; init; }
}
