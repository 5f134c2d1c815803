namespace OpenAIProxy.Bench.Load;

/// <summary>What a right answer is.</summary>
internal sealed record Expectation(Func<Answer, bool> IsRight)
{
    // Two line ends for each event: the prompt's filter, the role, 50 words, the end and [DONE].
    private const int StreamLines = 2 * 54;

    // Of the upstream's completion.
    private const int CompletionLength = 1_224;

    public static Expectation Completion { get; } = new(answer => answer is { Status: 200, BodyLength: CompletionLength });

    public static Expectation Stream { get; } = new(answer => answer is { Status: 200, Lines: StreamLines, IsDone: true });

    /// <summary>401, or 429 once an address has shown too many wrong keys.</summary>
    public static Expectation WrongKey { get; } = new(answer => answer.Status is 401 or 429);

    public static Expectation OverCap { get; } = new(answer => answer.Status is 403 or 429);
}
