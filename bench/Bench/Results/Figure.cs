using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench.Results;

/// <summary>A figure that the gateway is to keep to.</summary>
/// <param name="Name">For people.</param>
/// <param name="Scenario">The name of the scenario that finds it.</param>
/// <param name="To">Whom it is compared to; null is that it stands for itself.</param>
/// <param name="AtMost">It has to keep to that.</param>
/// <param name="Aim">It is to come to that.</param>
internal sealed record Figure(string Name, string Scenario, Metric Metric, string? To, double AtMost, double Aim)
{
    public static IReadOnlyList<Figure> All { get; } =
    [
        new("CPU of a small chat, 64 connections", "chat-64", Metric.Cpu, AllScenarios.Passthrough, 1.7, 1.27),
        new("CPU of a stream of 50 chunks, 32 at once", "stream", Metric.Cpu, AllScenarios.Passthrough, 1.4, 1.15),
        new("p99 added at 300/s", "steady", Metric.P99, AllScenarios.Passthrough, 3, 1),
        new("CPU of a prompt of 32 KB", "prompt-32k", Metric.Cpu, AllScenarios.Passthrough, 1.5, 1.1),
        new("p99 added to the first byte of a stream", "first-byte", Metric.FirstByteP99, AllScenarios.Passthrough, 2, 0.5),
        new("Resident memory, 5,000 slow streams", "slow-streams", Metric.Peak, null, 450, 250),
        new("CPU of a refused request, wrong key", "refused-key", Metric.Cpu, AllScenarios.Passthrough, 0.6, 0.4),
        new("CPU of a refused request, over the cap", "refused-cap", Metric.Cpu, AllScenarios.Passthrough, 0.6, 0.4),
        new("CPU with 10,000 attendees", "attendees", Metric.Cpu, "one", 1.15, 1.05),
        new("CPU with very many keys and entries", "large", Metric.Cpu, "small", 1.15, 1.05),
        new("From start to ready", "ready", Metric.Ready, null, 1.5, 0.6),
        new("Managed allocations of a small chat", "allocations", Metric.Allocated, null, 12_288, 4_096),
        new("Resident memory in the last minutes of the soak", "soak", Metric.Resident, "minute 10", 1.1, 1.05),
        new("Handles in the last minutes of the soak", "soak", Metric.Handles, "minute 10", 1.1, 1.05),
    ];

    /// <returns>Null where it was not measured.</returns>
    public Spread? In(IEnumerable<ScenarioResult> results) => results.FirstOrDefault(result => result.Scenario.Name == Scenario) is not { } found ? null
        : To is null ? found.Contestants[^1].Of(Metric)
        : found.Compare(Metric, To);

    public string Unit => To is not null && !Metric.IsDifference ? $"× {To}" : To is not null ? $"{Metric.Unit} over {To}" : Metric.Unit;
}
