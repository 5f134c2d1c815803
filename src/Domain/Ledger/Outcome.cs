namespace OpenAIProxy.Domain.Ledger;

/// <summary>How a request ended. The numbers are stored: never change one.</summary>
public enum Outcome
{
    Complete = 0,

    /// <summary>The backend never took it: nothing is charged.</summary>
    NotTaken = 1,

    ClientGone = 2,

    /// <summary>The event stopped letting it in, or the server stopped.</summary>
    CutOff = 3,

    BackendBroke = 4,

    /// <summary>The backend refused what it had processed, such as by its content filter, and charges for that.</summary>
    Refused = 5,

    /// <summary>The server died.</summary>
    Lost = 6,
}
