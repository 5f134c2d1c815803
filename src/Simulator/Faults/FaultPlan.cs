namespace OpenAIProxy.Simulator.Faults;

/// <param name="Json">As it was given, to be shown again.</param>
internal sealed record FaultPlan(IReadOnlyList<Fault> Faults, string Json)
{
    public static readonly FaultPlan None = new([], """{"faults":[]}""");
}
