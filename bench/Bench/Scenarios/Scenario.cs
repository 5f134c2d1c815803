namespace OpenAIProxy.Bench.Scenarios;

/// <summary>One question that the bench answers.</summary>
internal abstract class Scenario
{
    public required string Name { get; init; }

    /// <summary>What is asked, for people; in one line.</summary>
    public required string About { get; init; }

    /// <summary>Whether only a full run has time for it.</summary>
    public bool FullOnly { get; init; }

    /// <summary>Whether it is for servers only that know how durable they are to be.</summary>
    public bool SetsDurability { get; init; }

    /// <summary>What the table shows.</summary>
    public required IReadOnlyList<Metric> Shown { get; init; }

    /// <summary>About how long it takes.</summary>
    public abstract TimeSpan Lasts(BenchSettings settings);

    public abstract Task<ScenarioResult> RunAsync(Stage stage, Progress progress, CancellationToken cancellation);
}
