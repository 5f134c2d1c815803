namespace OpenAIProxy.Domain.Ledger;

/// <summary>How well a usage is known. The numbers are stored: never change one.</summary>
public enum Exactness
{
    /// <summary>As the backend reported it.</summary>
    Exact = 0,

    /// <summary>Counted here, because the backend did not report it.</summary>
    Estimated = 1,

    /// <summary>The whole reservation, because the server died before it was settled.</summary>
    Unsettled = 2,
}
