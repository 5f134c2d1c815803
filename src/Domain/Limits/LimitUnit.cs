namespace OpenAIProxy.Domain.Limits;

/// <summary>What a limit counts. The numbers are stored: never change one.</summary>
public enum LimitUnit
{
    Requests = 0,
    InputTokens = 1,
    OutputTokens = 2,

    /// <summary>Input and output together.</summary>
    TotalTokens = 3,

    /// <summary>Whole micro-dollars.</summary>
    Money = 4,

    /// <summary>Requests that are being answered at the same time; such a limit has no window.</summary>
    InFlight = 5,
}
