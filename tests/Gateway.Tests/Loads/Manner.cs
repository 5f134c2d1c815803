namespace OpenAIProxy.Gateway.Tests.Loads;

/// <summary>What a client asks for, and when it hangs up.</summary>
public enum Manner
{
    Whole,
    Streamed,
    WholeGoneBeforeFirstByte,
    WholeGoneInTheMiddle,
    StreamedGoneBeforeHeaders,
    StreamedGoneBeforeFirstEvent,
    StreamedGoneInTheMiddle,
    StreamedGoneBeforeDone,
}
