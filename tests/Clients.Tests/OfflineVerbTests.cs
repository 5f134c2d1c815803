using System.Collections.Concurrent;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>The verbs of the server binary, as docs/operations/running.md has them.</summary>
public sealed class OfflineVerbTests
{
    [Fact]
    public async Task Backup_beside_a_running_server_is_the_same_elsewhere()
    {
        await using var installation = await new NewInstallation().StartAsync();
        (await installation.RunSampleAsync($"{OrganiseSampleTests.Folder}/apply.sh")).ShouldSucceed();
        var exported = (await installation.TypeAsync("openai-proxy export 2> export.notes")).ShouldSucceed();

        (await ServeAsync(installation, "backup", "monday.tar.gz", "--data", "data")).ShouldSucceed();
        (await ServeAsync(installation, "restore", "monday.tar.gz", "--data", "data-2")).ShouldSucceed();
        (await ServeAsync(installation, "verify", "--data", "data-2")).ShouldSucceed();
        (await ServeAsync(installation, "migrate", "--data", "data-2")).ShouldSucceed();

        await using var second = ServerProcess.Start(installation.Directory, ["--no-demo", "--data", "data-2", .. ServerProcess.FreePorts]);
        var announced = await second.ReadyAsync();
        (await installation.TypeAsync($"openai-proxy export --admin-url {announced.Admin} --token-file data-2/admin-token 2> export.notes")).ShouldSucceed().ShouldBe(exported);
    }

    [Fact]
    public async Task Backup_under_load_has_everybody_who_had_come_before_it_began()
    {
        await using var installation = await new NewInstallation().StartAsync();
        (await installation.TypeAsync("AZURE_OPENAI_KEY=x openai-proxy backend add azure --endpoint http://127.0.0.1:8090 --key env:AZURE_OPENAI_KEY --deploy gpt-4o && openai-proxy event create hack --open --attendee-cap 100000")).ShouldSucceed();
        using var client = new HttpClient { BaseAddress = new Uri(installation.Public) };
        using var stop = new CancellationTokenSource();
        var came = new ConcurrentQueue<string>();
        var hundred = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                (await client.AskAsync(Asking.Chat, Asking.Hello, $"hack/{worker}-{i}")).Status.ShouldBe(200);
                came.Enqueue($"{worker}-{i}");
                if (came.Count >= 100)
                    hundred.TrySetResult();
            }
        })));
        await Task.WhenAny(hundred.Task, load);
        string[] before = [.. came];

        (await ServeAsync(installation, "backup", "monday.tar.gz", "--data", "data")).ShouldSucceed();
        await stop.CancelAsync();
        await load;
        (await ServeAsync(installation, "restore", "monday.tar.gz", "--data", "data-2")).ShouldSucceed();
        (await ServeAsync(installation, "verify", "--data", "data-2")).ShouldSucceed();

        await using var second = ServerProcess.Start(installation.Directory, ["--no-demo", "--data", "data-2", .. ServerProcess.FreePorts]);
        var announced = await second.ReadyAsync();
        var listed = (await installation.TypeAsync($"openai-proxy attendee list hack --all --json --admin-url {announced.Admin} --token-file data-2/admin-token")).ShouldSucceed();
        before.Length.ShouldBeGreaterThanOrEqualTo(100);
        foreach (var name in before)
            listed.ShouldContain($"\"{name}\"");
    }

    [Fact]
    public async Task Restore_over_what_is_there_is_refused_in_a_line()
    {
        await using var installation = await new NewInstallation().StartAsync();
        (await ServeAsync(installation, "backup", "monday.tar.gz", "--data", "data")).ShouldSucceed();

        var ended = await ServeAsync(installation, "restore", "monday.tar.gz", "--data", "data");

        ended.ExitCode.ShouldBe(1, ended.Output);
        ended.Output.Trim().ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("backup monday.tar.gz", "There is no database in '{0}': name its directory with --data.")]
    [InlineData("migrate", "There is no database in '{0}': name its directory with --data.")]
    [InlineData("verify", "There is no database in '{0}': name its directory with --data.")]
    [InlineData("restore no-such.tar.gz", "could not be read")]
    public async Task Mistyped_directory_is_refused_and_not_made(string verb, string said)
    {
        await using var installation = new NewInstallation();
        var mistyped = Path.Combine(installation.Directory, "dtaa");

        var ended = await ServeAsync(installation, [.. verb.Split(' '), "--data", "dtaa"]);

        ended.ExitCode.ShouldBe(1, ended.Output);
        ended.Output.Trim().ShouldContain(said.Replace("{0}", mistyped, StringComparison.Ordinal));
        ended.Output.Trim().ShouldNotContain("\n");
        Directory.EnumerateFileSystemEntries(installation.Directory).ShouldBeEmpty();
    }

    private static Task<Ended> ServeAsync(NewInstallation installation, params string[] words) =>
        installation.TypeAsync($"{string.Join(' ', ServerProcess.Built.Select(w => $"'{w}'"))} {string.Join(' ', words)}");
}
