using System.Diagnostics;
using System.Security.Cryptography;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Tests;

/// <summary>What the kernel says of a process.</summary>
public sealed class ProcessUsageTests
{
    private const string Numbers = "1 2 3 4 5 6 7 8 9 10 250 75 13 14 15 16 21 18 19";

    [Theory]
    [InlineData("dotnet")]
    [InlineData("a b")]
    [InlineData("x) R 1 2 (y")]
    public void Time_and_threads_are_read_behind_any_name(string name)
    {
        var usage = ProcessUsage.Parse($"4711 ({name}) S {Numbers}", ["Name:\tdotnet", "VmHWM:\t  200000 kB", "VmRSS:\t  100000 kB"], handles: 5);

        usage.ShouldBe(new ProcessUsage(TimeSpan.FromSeconds(3.25), 102_400_000, 204_800_000, 21, 5));
    }

    [Fact]
    public void Of_this_process_it_is_what_the_runtime_says()
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;

        var usage = ProcessUsage.Of(process.Id);

        process.Refresh();
        usage.Cpu.ShouldBeInRange(before - TimeSpan.FromMilliseconds(20), process.TotalProcessorTime + TimeSpan.FromMilliseconds(20));
        usage.Peak.ShouldBeGreaterThanOrEqualTo(usage.Resident);
        usage.Resident.ShouldBeGreaterThan(1_000_000);
    }

    [Fact]
    public void Threads_are_told_by_their_name()
    {
        using var process = Process.GetCurrentProcess();
        using var end = new ManualResetEventSlim();
        using var worked = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            // More than the kernel's smallest unit, a hundredth of a second, on any processor, however many want it.
            var data = new byte[1_000_000];
            for (var i = 0; i < 300; i++)
                SHA256.HashData(data);
            worked.Set();
            end.Wait();
        })
        {
            Name = "busy for a test",
        };
        thread.Start();
        worked.Wait(TestContext.Current.CancellationToken);

        ProcessUsage.OfThreads(process.Id, "busy for a test").ShouldBeGreaterThan(TimeSpan.Zero);
        ProcessUsage.OfThreads(process.Id, "no such thread").ShouldBe(TimeSpan.Zero);

        end.Set();
        thread.Join();
    }

    [Fact]
    public async Task Children_count_with_their_parent()
    {
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "tail -f /dev/null & echo started; wait"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        try
        {
            (await parent.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("started");

            ProcessUsage.Of(parent.Id).Threads.ShouldBe(2);
        }
        finally
        {
            parent.Kill(entireProcessTree: true);
        }
    }
}
