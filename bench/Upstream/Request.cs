namespace OpenAIProxy.Upstream;

/// <summary>What of a request decides its answer.</summary>
/// <param name="IsLast">The client wants the connection closed behind the answer.</param>
internal readonly record struct Request(Profile Profile, bool Streams, bool WantsUsage, bool IsLast);

/// <summary>How a deployment answers; its name says which.</summary>
internal enum Profile
{
    /// <summary>There is no such deployment.</summary>
    Unknown,

    /// <summary><c>chat</c>: at once, a stream in one piece.</summary>
    Chat,

    /// <summary><c>burst</c>: a stream without pauses, but each chunk in a packet of its own, as a model sends them.</summary>
    Burst,

    /// <summary><c>late</c>: as <c>chat</c>, after 300 ms.</summary>
    Late,

    /// <summary><c>slow</c>: a stream with <see cref="Pace.Interval"/> before each chunk.</summary>
    Slow,
}
