namespace OpenAIProxy.Domain.Events;

/// <summary>How the chunks of a streamed answer are passed on. The numbers are stored: never change one.</summary>
public enum StreamMode
{
    /// <summary>Byte by byte what Azure would have sent to the client itself.</summary>
    Faithful = 0,

    /// <summary>As clients that look at <c>choices[0].delta</c> of every chunk expect it: chunks of the content filter are left out, errors have OpenAI's shape.</summary>
    Strict = 1,
}
