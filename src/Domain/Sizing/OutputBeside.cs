namespace OpenAIProxy.Domain.Sizing;

/// <summary>What a request may have put out for each of its answers beside what the output limit allows.</summary>
public static class OutputBeside
{
    /// <summary>
    /// What is put out to find out what to look for in a client's data, which the limit does not bound. Azure tells of 18 to 27 in the average
    /// (see <see cref="RequestSize.SearchesData"/>); the rest is margin.
    /// </summary>
    public const long ForSearch = 512;

    /// <summary>
    /// The tokens of a prediction that the answer does not have are charged as output. They are said to count towards the output limit
    /// (https://platform.openai.com/docs/api-reference/chat/object, <c>rejected_prediction_tokens</c>), but not that an answer ends earlier
    /// for it. A token is at least one byte, so there are no more of them than bytes.
    /// </summary>
    /// <returns>In tokens, at most; at least 0.</returns>
    public static long AtMost(RequestSize size) => size.PredictionBytes + (size.SearchesData ? ForSearch : 0);

    /// <summary>How much was probably put out where the backend did not report it.</summary>
    /// <param name="seen">Tokens that have come, over all answers.</param>
    /// <param name="choices">How many answers the request makes.</param>
    public static long Estimate(RequestSize size, long seen, long choices)
    {
        if (seen == 0 || size.PredictionBytes == 0)
            return seen;
        // What was accepted is among what has come, what was rejected nobody saw, and both together are no more than the prediction.
        // So who leaves in the middle pays for a good one what staying costs, and for a bad one not nothing.
        return Math.Max(seen, choices * InputEstimate.OfText(size.PredictionBytes, size.PredictionNonAsciiBytes));
    }
}
