using System.Diagnostics;
using OpenAIProxy.Bench.Load;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Scenarios;

/// <summary>How long the gateway takes from its start until it serves, with a database that is there, after it was stopped as services are.</summary>
internal sealed class ReadyTime : Scenario
{
    private const int Starts = 5;
    private const int Attendees = 200;

    public override TimeSpan Lasts(BenchSettings settings) => TimeSpan.FromSeconds(35);

    public override async Task<ScenarioResult> RunAsync(Stage stage, Progress progress, CancellationToken cancellation)
    {
        var results = new List<ContestantResult>();
        if (stage.HasLarge)
            results.Add(await MeasureAsync("large", await stage.LargeAsync(cancellation), progress, cancellation));
        results.Add(await MeasureAsync("event", await EventAsync(stage, cancellation), progress, cancellation));
        return new ScenarioResult(this, $"{Starts} starts", results);
    }

    // What an organiser has who updates the server in the middle of an event.
    private static async Task<Gateway> EventAsync(Stage stage, CancellationToken cancellation)
    {
        var gateway = await stage.EventAsync(cancellation);
        var requests = new Requests("chat", Bodies.Chat, await (await gateway.OrganiserAsync(cancellation)).KeysAsync(Attendees, cancellation));
        using var fleet = await Fleet.OpenAsync(gateway.Address, 64);
        using var stop = cancellation.Register(fleet.Dispose);
        await fleet.SaturateAsync(requests, Expectation.Completion, TimeSpan.FromSeconds(2));
        return gateway;
    }

    private async Task<ContestantResult> MeasureAsync(string label, Gateway gateway, Progress progress, CancellationToken cancellation)
    {
        var samples = new List<Sample>();
        for (var start = 0; start < Starts; start++)
        {
            await gateway.StopAsync();
            var began = Stopwatch.GetTimestamp();
            await gateway.StartAsync(cancellation);
            var ready = Stopwatch.GetElapsedTime(began);
            var values = new Dictionary<string, double> { [Metric.Ready.Name] = ready.TotalSeconds, [Metric.StartCpu.Name] = gateway.Usage.Cpu.TotalSeconds };
            samples.Add(new Sample(values, 1, 0, null));
            progress.Say($"{Name}: {label} {ready.TotalSeconds:0.00} s");
        }
        return new ContestantResult(label, samples);
    }
}
