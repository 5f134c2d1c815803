namespace OpenAIProxy.Simulator.Faults;

/// <summary>What can go wrong. Their names in a plan are these in camel case.</summary>
internal enum FaultKind
{
    /// <summary>An error status with Azure's body for it, or one given.</summary>
    Status,

    /// <summary>Waits before anything is answered.</summary>
    Delay,

    /// <summary>No answer until the client goes.</summary>
    Hang,

    /// <summary>Aborts the connection: before the headers, after N events, or in the middle of a body.</summary>
    Reset,

    /// <summary>Half a body, or a stream that ends early or without [DONE]; the connection ends in good order.</summary>
    Truncate,

    /// <summary>An error as an event of the stream, after N events.</summary>
    ErrorEvent,

    /// <summary>Pauses until released or the client goes.</summary>
    Hold,

    /// <summary>Writes and flushes byte by byte.</summary>
    OneByte,

    /// <summary>Ends lines with CR LF.</summary>
    Crlf,

    /// <summary>A comment before each event.</summary>
    Comments,

    /// <summary>Leaves the usage out.</summary>
    NoUsage,

    /// <summary>Sends the usage chunk twice.</summary>
    DuplicateUsage,

    /// <summary>Says that nothing was used.</summary>
    ZeroUsage,

    /// <summary>Puts the usage into the chunk with the finish reason.</summary>
    UsageWithChoices,

    /// <summary>Filters asynchronously: what the filter says of a text comes after it. Streams of chats only; not wrong, but unusual.</summary>
    AsyncFilter,

    /// <summary>Sends no Content-Type.</summary>
    NoContentType,

    /// <summary>A 307 to somewhere else.</summary>
    Redirect,

    /// <summary>A proxy's error page.</summary>
    Html,

    /// <summary>A status and nothing else.</summary>
    EmptyBody,

    /// <summary>The gateway's error without an <c>error</c> object.</summary>
    OddShape,
}
