using System.Globalization;
using System.Net;

namespace OpenAIProxy.Bench.Subjects;

/// <summary>The gateway as users run it, on a data directory of its own, set up through its management API.</summary>
/// <param name="durability">What the server is told; null is nothing.</param>
internal sealed class Gateway(string name, BenchSettings settings, Upstream upstream, string? durability) : Subject(name)
{
    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total ";

    // The ledger brings entries into the database a second after they were settled. A process that does nothing uses a little still.
    private const int QuietSteps = 6;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestNoise = TimeSpan.FromSeconds(20);

    private readonly IPEndPoint admin = new(IPAddress.Loopback, Ports.Free());
    private Organiser? organiser;

    public string Data => Path.Combine(settings.Work, Name);

    /// <summary>Sets it up where it is not yet; it has to run.</summary>
    public async Task<Organiser> OrganiserAsync(CancellationToken cancellation)
    {
        if (organiser is null)
        {
            var first = new Organiser(new Uri($"http://{admin}"), File.ReadAllText(Path.Combine(Data, "admin-token")).Trim());
            await first.ApplyAsync(upstream.Endpoint, cancellation);
            organiser = first;
        }
        return organiser;
    }

    public override async Task<double?> AllocatedAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient();
        var metrics = await client.GetStringAsync(new Uri($"http://{admin}/metrics"), cancellation);
        return metrics.Split('\n').FirstOrDefault(line => line.StartsWith(Allocated, StringComparison.Ordinal)) is { } found
            ? double.Parse(found[Allocated.Length..], CultureInfo.InvariantCulture)
            : null;
    }

    public override async Task QuietAsync(CancellationToken cancellation)
    {
        var seen = new List<TimeSpan> { Usage.Cpu };
        while (seen.Count * Step < LongestNoise && (seen.Count <= QuietSteps || seen[^1] - seen[^(QuietSteps + 1)] > Idle))
        {
            await Task.Delay(Step, TimeProvider.System, cancellation);
            seen.Add(Usage.Cpu);
        }
    }

    /// <summary>Runs one of the server's verbs on its data directory and waits for its end; the server must be stopped.</summary>
    /// <exception cref="BenchException">It was refused; the message says why.</exception>
    public async Task RunAsync(string verb, CancellationToken cancellation)
    {
        var (exitCode, printed) = await Command.RunAsync(ServerProcess.Dotnet, [settings.Server, verb, "--data", Data], cancellation);
        if (exitCode != 0)
            throw new BenchException($"'{verb}' says of the data directory: {printed}");
    }

    /// <summary>Whether this server takes that option: older ones are measured as well.</summary>
    public static async Task<bool> KnowsAsync(BenchSettings settings, string option, CancellationToken cancellation)
    {
        var (_, printed) = await Command.RunAsync(ServerProcess.Dotnet, [settings.Server, "--help"], cancellation);
        return printed.Contains(option, StringComparison.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        organiser?.Dispose();
        await base.DisposeAsync();
    }

    protected override ServerProcess Launch() => ServerProcess.Start(
        Path.Combine(settings.Work, $"{Name}.log"),
        [
            ServerProcess.Dotnet, settings.Server, "--url", Url, "--admin-url", $"http://{admin}", "--data", Data, "--no-demo",
            .. durability is null ? Array.Empty<string>() : ["--durability", durability],
        ],
        settings.Variables);

    protected override async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        if (!await base.IsReadyAsync(cancellation))
            return false;
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"{Url}/healthz/ready"), cancellation);
        return answer.IsSuccessStatusCode;
    }
}
