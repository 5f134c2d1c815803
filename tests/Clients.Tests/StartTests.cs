using System.Text.Json;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>The server as whoever starts it meets it.</summary>
public sealed class StartTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task Curl_of_the_announcement_works_when_pasted()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, ["--demo", .. ServerProcess.FreePorts]);
        var announced = await server.ReadyAsync();

        var pasted = await Command.RunAsync("bash", "-c", announced.Curl);

        ShouldBePoem(pasted.ShouldSucceed());
        announced.Text.ShouldContain("hackathon: any user id, until ");
    }

    [Fact]
    public async Task Dotnet_run_opens_the_demo_where_it_was_called()
    {
        using var folder = new TempDirectory();
        string[] run = ["dotnet", "run", "--no-build", "-c", Repository.Configuration, "--project", Repository.PathOf("src/Server"), "--"];
        await using var server = ServerProcess.Start(folder.Path, run, [], ServerProcess.FreePorts);
        var announced = await server.ReadyAsync();

        var pasted = await Command.RunAsync("bash", "-c", announced.Curl);

        ShouldBePoem(pasted.ShouldSucceed());
        Directory.Exists(Path.Combine(folder.Path, "data")).ShouldBeTrue();
        (await server.StopAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Data_directory_is_made_and_is_its_owners_alone()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, ServerProcess.FreePorts);
        await server.ReadyAsync();

        File.GetUnixFileMode(Path.Combine(folder.Path, "data")).ShouldBe(OwnerOnly);
        Directory.GetFileSystemEntries(folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Second_start_finds_everything_as_it_was()
    {
        using var folder = new TempDirectory();
        await using (var first = ServerProcess.Start(folder.Path, ["--demo", .. ServerProcess.FreePorts]))
        {
            await first.ReadyAsync();
            (await first.StopAsync()).ShouldBe(0);
            first.Output.ShouldContain("Migrated the database");
        }
        var keys = KeyFiles(folder);

        await using var second = ServerProcess.Start(folder.Path, ServerProcess.FreePorts);
        var announced = await second.ReadyAsync();

        second.Output.ShouldNotContain("Migrated the database");
        KeyFiles(folder).ShouldBe(keys);
        ShouldBePoem((await Command.RunAsync("bash", "-c", announced.Curl)).ShouldSucceed());
    }

    [Fact]
    public async Task Second_server_on_the_same_data_is_told_so_in_one_line()
    {
        using var folder = new TempDirectory();
        await using var first = ServerProcess.Start(folder.Path, ServerProcess.FreePorts);
        await first.ReadyAsync();

        await using var second = ServerProcess.Start(folder.Path, ServerProcess.FreePorts);

        (await second.EndAsync()).ShouldBe(1);
        second.Errors.ShouldContain("is in use by another process");
        second.Errors.Trim().ShouldNotContain("\n");
        second.Output.ShouldNotContain("Exception");
    }

    [Fact]
    public async Task Without_the_demo_there_is_no_simulator_and_no_event()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, ServerProcess.FreePorts);

        var announced = await server.ReadyAsync();

        announced.Text.ShouldNotContain("simulator  ");
        announced.Text.ShouldMatch(@"events +0\n");
    }

    [Fact]
    public async Task Both_listeners_say_that_the_server_is_ready()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, ServerProcess.FreePorts);
        var announced = await server.ReadyAsync();
        using var client = new HttpClient();

        foreach (var listener in new[] { announced.Public, announced.Admin })
            foreach (var path in new[] { "/healthz/live", "/healthz/ready" })
                (await client.GetAsync(new Uri(listener, path), TestContext.Current.CancellationToken)).IsSuccessStatusCode.ShouldBeTrue();
    }

    private static string[] KeyFiles(TempDirectory folder) =>
        [.. Directory.GetFiles(Path.Combine(folder.Path, "data", "keys")).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private static void ShouldBePoem(string answer) => JsonDocument.Parse(answer).RootElement
        .GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!.ShouldContain("elephant", Case.Insensitive);
}
