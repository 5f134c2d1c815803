using System.Runtime.InteropServices;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Results;

/// <summary>Where and what was measured, without which figures mean nothing.</summary>
/// <param name="Busy">Which share of the processors was in use before anything was started.</param>
/// <param name="Commit">Of the repository, with <c>+</c> behind it where files were changed.</param>
internal sealed record Machine(string Processor, int Processors, long MemoryMegabytes, string System, string Runtime, string Nginx, string Commit, double Busy, DateTimeOffset At)
{
    private const string Unknown = "unknown";

    public static async Task<Machine> ReadAsync(BenchSettings settings, CancellationToken cancellation)
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim();
        var (_, nginx) = await Command.RunAsync(settings.Nginx, ["-v"], cancellation);
        return new Machine(
            processor ?? $"{RuntimeInformation.ProcessArchitecture}",
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_000_000,
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            nginx.Split('/')[^1],
            await CommitAsync(cancellation),
            await BusyAsync(cancellation),
            TimeProvider.System.GetUtcNow());
    }

    public override string ToString() => $"{Processors} × {Processor}, {MemoryMegabytes / 1000} GB, {Runtime}, nginx {Nginx}{(IsBusy ? $", {Busy:P0} in use by others" : "")}";

    /// <summary>Whether others use so much that figures are noise.</summary>
    public bool IsBusy => Busy > 0.1;

    /// <summary>Whether the commit says what was measured.</summary>
    public bool IsCommitted => Commit is not Unknown && !Commit.EndsWith('+');

    private static async Task<double> BusyAsync(CancellationToken cancellation)
    {
        var before = Times();
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellation);
        var after = Times();
        return 1 - (double)(after.Idle - before.Idle) / Math.Max(1, after.All - before.All);
    }

    // 'cpu', then user, nice, system, idle, waiting for the disk, and more.
    private static (long Idle, long All) Times()
    {
        var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(long.Parse).ToArray();
        return (times[3] + times[4], times.Sum());
    }

    // How all of it is built is part of what is measured; what an earlier run wrote is not.
    private static async Task<string> CommitAsync(CancellationToken cancellation)
    {
        var (exitCode, commit) = await Command.RunAsync("git", ["rev-parse", "--short=10", "HEAD"], cancellation);
        if (exitCode != 0)
            return Unknown;
        var (_, changes) = await Command.RunAsync("git", ["status", "--porcelain", "--", "src", "bench", "Directory.*", "global.json", ":!bench/results"], cancellation);
        return changes.Length > 0 ? commit + "+" : commit;
    }
}
