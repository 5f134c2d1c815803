namespace OpenAIProxy.Domain.Limits;

/// <summary>How many output tokens a request may have sent upstream for it: the decision, free of any wire format.</summary>
public static class OutputLimit
{
    /// <param name="asked">What the client asked for per choice; null where it left it to the model.</param>
    /// <param name="choices">How many answers the request makes: <c>n</c> or <c>best_of</c> times its prompts; at least 1.</param>
    /// <param name="cap">The most output tokens the event allows a request, over all choices; at least 1.</param>
    /// <param name="modelMaximum">The most the model puts out for one choice; at least 1.</param>
    /// <returns>
    /// The limit for one choice that must be sent, or null where the client's own (or none) can stand: it is written only where
    /// it is below what was asked for, or, where nothing was asked for, below the model's own maximum.
    /// A result of 0 means that the cap does not allow even one token for every choice.
    /// </returns>
    public static long? PerChoice(long? asked, long choices, long cap, long modelMaximum)
    {
        var share = cap / choices;
        if (share == 0)
            return 0;
        return share < (asked ?? modelMaximum) ? share : null;
    }
}
