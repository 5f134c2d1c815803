namespace OpenAIProxy.Bench.Scenarios;

/// <summary>What a scenario found.</summary>
/// <param name="Load">How clients asked.</param>
/// <param name="Contestants">The last is the one that is compared to each of the others.</param>
internal sealed record ScenarioResult(Scenario Scenario, string Load, IReadOnlyList<ContestantResult> Contestants)
{
    public ContestantResult? Of(string label) => Contestants.FirstOrDefault(contestant => contestant.Label == label);

    /// <summary>How the last contestant compares to another, round by round, so that both were measured within seconds.</summary>
    /// <returns>Null where they have nothing of the kind to compare; how many times noise around nothing is, is nothing.</returns>
    public Spread? Compare(Metric metric, string to)
    {
        var pairs = Contestants[^1].Rounds.Zip(Of(to)?.Rounds ?? [], (own, other) => (Own: own.Of(metric), Other: other.Of(metric)))
            .Where(pair => pair is { Own: not null, Other: not null }).Select(pair => (Own: pair.Own!.Value, Other: pair.Other!.Value)).ToList();
        if (pairs.Count == 0 || (!metric.IsDifference && pairs.Any(pair => pair.Own <= 0 || pair.Other <= 0)))
            return null;
        return Spread.Of([.. pairs.Select(pair => metric.IsDifference ? pair.Own - pair.Other : pair.Own / pair.Other)]);
    }
}

/// <summary>What one contestant of a scenario did.</summary>
internal sealed record ContestantResult(string Label, IReadOnlyList<Sample> Rounds)
{
    public long Wrong => Rounds.Sum(round => round.Wrong);

    /// <returns>Null where it was not measured.</returns>
    public Spread? Of(Metric metric)
    {
        var values = Rounds.Select(round => round.Of(metric)).OfType<double>().ToList();
        return values.Count == 0 ? null : Spread.Of(values);
    }
}

/// <summary>A figure over the rounds.</summary>
internal readonly record struct Spread(double Min, double Median, double Max)
{
    /// <param name="values">At least one.</param>
    public static Spread Of(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Spread(sorted[0], (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[^1]);
    }
}
