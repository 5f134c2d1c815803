using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Tests;

/// <summary>The script that builds what is compared.</summary>
public sealed class BenchScriptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Builds_nothing_while_a_bench_is_under_way()
    {
        var script = CopyOfScript();
        using var underWay = WorkLock.Take(Path.Combine(folder.Path, "bench", "out", "bench-work"));

        var (exitCode, printed) = await Command.RunAsync("bash", [script], TestContext.Current.CancellationToken);

        exitCode.ShouldBe(1);
        printed.ShouldStartWith("bench/run: another bench is under way");
    }

    [Fact]
    public async Task Gives_its_lock_to_nothing_that_a_build_leaves_behind()
    {
        var script = CopyOfScript();
        // Says of each call whether the lock has been handed on to it.
        const string inItsPlace = """dotnet() { [[ -e /proc/$BASHPID/fd/9 ]] && echo "$1 has it" || echo "$1"; }; export -f dotnet; exec bash "$0" micro""";

        var (exitCode, printed) = await Command.RunAsync("bash", ["-c", inItsPlace, script], TestContext.Current.CancellationToken);

        exitCode.ShouldBe(0, printed);
        printed.ShouldBe("build\nbench/out/micro/OpenAIProxy.Micro.dll");
    }

    // Where there is nothing else to build or to take away.
    private string CopyOfScript()
    {
        var script = Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Path, "bench", "out")).Parent!.FullName, "run");
        File.Copy(Original(), script);
        return script;
    }

    private static string Original()
    {
        var above = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(above.FullName, "OpenAIProxy.slnx")))
            above = above.Parent!;
        return Path.Combine(above.FullName, "bench", "run");
    }
}
