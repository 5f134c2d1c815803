namespace OpenAIProxy.Simulator.Operations;

/// <summary>One finished answer, before it is sent.</summary>
/// <param name="Tokens">All that it is billed, reasoning and rejected ones included.</param>
internal sealed record Choice(int Index, IReadOnlyList<Segment> Segments, string FinishReason, int Tokens, int ReasoningTokens = 0)
{
    /// <summary>Of a prediction: those that the answer has.</summary>
    public int AcceptedTokens { get; init; }

    /// <summary>Of a prediction: those that the answer does not have, billed like those it has.</summary>
    public int RejectedTokens { get; init; }

    public bool IsFiltered => FinishReason == "content_filter";

    public string? Content => Segments is [{ Kind: SegmentKind.Content } only] ? only.Text : null;
}
