namespace OpenAIProxy.Bench;

/// <summary>What a run was told.</summary>
/// <param name="Rounds">How often each scenario is measured; its figures are the median.</param>
/// <param name="Seconds">How long one measurement lasts.</param>
/// <param name="Only">The names of the scenarios to run; none is all.</param>
/// <param name="Full">Whether to run what takes long: the soak, and the largest data.</param>
/// <param name="Durability">The gateway's, or null for what it does by itself.</param>
/// <param name="Variables">Environment variables for the gateway only, as NAME=VALUE.</param>
/// <param name="Server">The published gateway's dll.</param>
/// <param name="Passthrough">The yardstick's dll.</param>
/// <param name="Upstream">The upstream's dll.</param>
/// <param name="Nginx">nginx itself.</param>
/// <param name="Work">Where databases and logs are made: a folder that is removed before and after a run.</param>
/// <param name="Results">Where the results are written.</param>
/// <param name="Chart">The chart that is drawn after a run of all scenarios.</param>
internal sealed record BenchSettings(
    int Rounds,
    double Seconds,
    IReadOnlyList<string> Only,
    bool Full,
    string? Durability,
    IReadOnlyList<string> Variables,
    string Server,
    string Passthrough,
    string Upstream,
    string Nginx,
    string Work,
    string Results,
    string Chart)
{
    public TimeSpan Measured => TimeSpan.FromSeconds(Seconds);

    /// <summary>Before each measurement, with the same load.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Min(0.5, Seconds / 3));
}
