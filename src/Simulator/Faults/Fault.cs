using OpenAIProxy.Simulator.Errors;

namespace OpenAIProxy.Simulator.Faults;

/// <summary>One rule of a plan.</summary>
internal sealed record Fault(FaultKind Kind)
{
    /// <summary>Null: any.</summary>
    public string? Deployment { get; init; }

    /// <summary>Null: any.</summary>
    public string? Operation { get; init; }

    /// <summary>Null: for ever.</summary>
    public long? Times { get; init; }

    /// <summary>How many matching requests pass before the first is hit.</summary>
    public long Skip { get; init; }

    public double Probability { get; init; } = 1;

    /// <summary>For kinds that answer by themselves.</summary>
    public Problem? Answer { get; init; }

    /// <summary>After how many server-sent events; null: see the kind.</summary>
    public int? After { get; init; }

    /// <summary>Reset, hold: in the middle of the body rather than before the headers.</summary>
    public bool InBody { get; init; }

    public TimeSpan Pause { get; init; }

    /// <summary>The data of an error event.</summary>
    public string? Event { get; init; }
}
