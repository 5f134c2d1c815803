using OpenAIProxy.Bench.Load;

namespace OpenAIProxy.Bench.Scenarios;

/// <summary>Whether memory, handles and threads stay where they are: half of what the gateway can do, for long, looked at all the time.</summary>
internal sealed class Soak : Scenario
{
    private const int Connections = 64;

    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(30);

    // A part is one row of the results.
    private static readonly TimeSpan Part = TimeSpan.FromMinutes(5);

    public override TimeSpan Lasts(BenchSettings settings) => Duration + TimeSpan.FromSeconds(10);

    public override async Task<ScenarioResult> RunAsync(Stage stage, Progress progress, CancellationToken cancellation)
    {
        var gateway = await stage.GatewayAsync(cancellation);
        var requests = new Requests("chat", Bodies.Chat, await (await gateway.OrganiserAsync(cancellation)).KeyAsync(cancellation));
        using var fleet = await Fleet.OpenAsync(gateway.Address, Connections);
        using var stop = cancellation.Register(fleet.Dispose);
        var fastest = await fleet.SaturateAsync(requests, Expectation.Completion, TimeSpan.FromSeconds(5));
        // Half of nothing is no load, under which nothing would be wrong.
        if (fastest.Wrong > 0)
            throw new BenchException($"{fastest.Wrong} wrong answers before the soak, such as {fastest.FirstWrong}");
        var load = new LoadShape.Paced(Connections, Math.Floor(fastest.Right / fastest.Lasted.TotalSeconds / 2), Part);
        var results = new List<ContestantResult>();
        for (var part = 1; part <= Duration / Part; part++)
        {
            var before = gateway.Usage;
            var sample = Sample.Of(await load.RunAsync(fleet, requests, Expectation.Completion), before, gateway.Usage, null);
            cancellation.ThrowIfCancellationRequested();
            results.Add(new ContestantResult($"minute {part * Part.TotalMinutes:0}", [sample]));
            progress.Say($"{Name}: {results[^1].Label}, {sample.Of(Metric.Resident):0} MB, {sample.Of(Metric.Handles)} handles, {sample.Of(Metric.Threads)} threads");
        }
        return new ScenarioResult(this, $"{load}", results);
    }
}
