using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench.Tests;

/// <summary>What is left of a run that did not go well, and how it goes on.</summary>
public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();

    public void Dispose()
    {
        folder.Dispose();
        output.Dispose();
    }

    [Fact]
    public async Task Scenario_that_fails_is_named_with_its_reason_and_the_others_are_kept_and_shown()
    {
        var failed = await Should.ThrowAsync<BenchException>(() => RunAsync([ScriptedScenario.Of("one", 11), Broken("two"), ScriptedScenario.Of("three", 33)]));

        failed.Message.ShouldContain("two: the server ended");
        failed.Message.ShouldContain("--only two");
        var shown = output.ToString();
        shown.ShouldContain("two FAILED: the server ended");
        foreach (var table in new[] { shown, folder.Read("results/part.md") })
        {
            table.ShouldContain("**Failed: two:** the server ended");
            table.ShouldContain("| gateway | 11.0 |");
            table.ShouldContain("| gateway | 33.0 |");
            table.ShouldNotContain("## two");
        }
        folder.Has("results/latest.md").ShouldBeFalse();
        folder.Has("docs/bench.svg").ShouldBeFalse();
        Directory.Exists(Path.Combine(folder.Path, "work")).ShouldBeTrue("logs tell why");
    }

    [Fact]
    public async Task Mistake_of_the_bench_in_a_scenario_is_its_failure_and_no_others()
    {
        var failed = await Should.ThrowAsync<BenchException>(() => RunAsync(
            [ScriptedScenario.Of("one", () => throw new InvalidOperationException("nobody there")), ScriptedScenario.Of("two", 22)]));

        failed.Message.ShouldContain("one: InvalidOperationException: nobody there");
        folder.Read("results/part.md").ShouldContain("| gateway | 22.0 |");
    }

    [Fact]
    public async Task What_failed_is_measured_again_into_the_same_table_which_is_whole_then()
    {
        await Should.ThrowAsync<BenchException>(() => RunAsync([ScriptedScenario.Of("one", 11), Broken("two"), ScriptedScenario.Of("three", 33)]));

        (await RunAsync([Broken("one"), ScriptedScenario.Of("two", 22), Broken("three")], "two")).ShouldBe(0);

        var whole = folder.Read("results/latest.md");
        whole.ShouldNotContain("Failed");
        whole.IndexOf("## one", StringComparison.Ordinal).ShouldBeLessThan(whole.IndexOf("## two", StringComparison.Ordinal));
        whole.IndexOf("## two", StringComparison.Ordinal).ShouldBeLessThan(whole.IndexOf("## three", StringComparison.Ordinal));
        foreach (var figure in new[] { "11.0", "22.0", "33.0" })
            whole.ShouldContain($"| gateway | {figure} |");
        folder.Read("results/2026-11-21-0123456789.md").ShouldBe(whole);
        folder.Has("docs/bench.svg").ShouldBeTrue();
        folder.Has("results/part.json").ShouldBeFalse("a later part is of its own");
    }

    [Fact]
    public async Task Figures_of_another_commit_or_of_other_settings_or_of_changed_files_are_not_put_together()
    {
        foreach (var (commit, rounds) in new[] { ("9876543210", 3), ("0123456789", 4), ("0123456789+", 3) })
        {
            await RunAsync([ScriptedScenario.Of("one", 11), ScriptedScenario.Of("two", 22)], "one");
            var settings = Figures.SettingsIn(folder.Path, "two") with { Rounds = rounds };

            await Run.RunAsync(settings, Figures.Machine with { Commit = commit }, [ScriptedScenario.Of("one", 11), ScriptedScenario.Of("two", 22)], output, CancellationToken.None);

            folder.Read("results/part.md").ShouldNotContain("## one");
            folder.Has("results/latest.md").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Run_without_choice_begins_anew()
    {
        await RunAsync([ScriptedScenario.Of("one", 11), ScriptedScenario.Of("two", 22)], "one");

        await Should.ThrowAsync<BenchException>(() => RunAsync([Broken("one"), ScriptedScenario.Of("two", 22)]));

        folder.Read("results/part.md").ShouldNotContain("## one");
    }

    [Fact]
    public async Task Wrong_answers_take_nobodys_place()
    {
        var wrong = new ContestantResult("gateway", [new Sample(new Dictionary<string, double> { [Metric.Cpu.Name] = 1 }, 10, 3, "Answer { Status = 500 }")]);

        var failed = await Should.ThrowAsync<BenchException>(() => RunAsync([ScriptedScenario.Of("one", () => wrong)]));

        failed.Message.ShouldContain("one: 3 of gateway, such as Answer { Status = 500 }");
        folder.Has("results/latest.md").ShouldBeFalse();
        // And are not forgotten by who goes on.
        await Should.ThrowAsync<BenchException>(() => RunAsync([Broken("one"), ScriptedScenario.Of("two", 22)], "two"));
    }

    [Fact]
    public async Task Run_that_is_stopped_keeps_what_it_has_measured()
    {
        using var stop = new CancellationTokenSource();
        var stops = ScriptedScenario.Of("two", () =>
        {
            stop.Cancel();
            throw new IOException("The connection was closed.");
        });

        await Should.ThrowAsync<OperationCanceledException>(() => Run.RunAsync(
            Figures.SettingsIn(folder.Path), Figures.Machine, [ScriptedScenario.Of("one", 11), stops, ScriptedScenario.Of("three", 33)], output, stop.Token));

        folder.Read("results/part.md").ShouldContain("| gateway | 11.0 |");
        folder.Read("results/part.md").ShouldNotContain("Failed");
        output.ToString().ShouldContain("| gateway | 11.0 |");
        output.ToString().ShouldNotContain("## three");
    }

    [Fact]
    public async Task Second_run_beside_the_first_is_refused_and_takes_nothing_from_it()
    {
        Task<int>? second = null;
        var log = Path.Combine(Figures.SettingsIn(folder.Path).Work, "gateway.log");
        var first = ScriptedScenario.Of("one", () =>
        {
            File.WriteAllText(log, "");
            second = RunAsync([ScriptedScenario.Of("two", 22)]);
            File.Exists(log).ShouldBeTrue();
            return Figures.Contestant("gateway", Metric.Cpu, 11);
        });

        (await RunAsync([first])).ShouldBe(0);

        (await Should.ThrowAsync<BenchException>(() => second!)).Message.ShouldStartWith("Another bench is under way");
        (await RunAsync([ScriptedScenario.Of("two", 22)])).ShouldBe(0);
    }

    private static ScriptedScenario Broken(string name) => ScriptedScenario.Of(name, () => throw new BenchException("the server ended"));

    private Task<int> RunAsync(IReadOnlyList<Scenario> all, params string[] only) =>
        Run.RunAsync(Figures.SettingsIn(folder.Path, only), Figures.Machine, all, output, CancellationToken.None);
}
