using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>A server that may write nothing more, as on a disk that is full: the system says so to it, and to nobody else.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const string Code = "hackathon/ann";
    private const string Streamed = """{"stream":true,"messages":[{"role":"user","content":"hello"}]}""";

    private readonly TempDirectory directory = new();
    private ServerProcess? server;

    public ValueTask InitializeAsync()
    {
        // Of a file that becomes too large the system tells by a signal too, which would be the end.
        string[] command = ["bash", "-c", "trap '' XFSZ && exec \"$@\"", "bash", .. ServerProcess.Built];
        if (OperatingSystem.IsLinux())
            server = ServerProcess.Start(directory.Path, command, [], ["--demo", .. ServerProcess.FreePorts]);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Full_disk_refuses_new_work_and_holds_the_end_of_answers_until_it_has_room()
    {
        Assert.SkipWhen(server is null, "Only Linux can limit a program that runs.");
        var announced = await server!.ReadyAsync();
        using var client = new HttpClient { BaseAddress = announced.Public };
        using var simulator = new SimulatorControl(announced.Simulator);
        (await client.AskAsync(Asking.Chat, Asking.Hello, Code)).Status.ShouldBe(200);
        await simulator.FailAsync(new { kind = "hold", after = 3, times = 1 });
        var answering = client.AskAsync(Asking.Chat, Streamed, Code);
        await simulator.HeldAsync(1);
        // Whoever asks for what was used is told of everything: nothing waits for the database any more.
        using (var asking = new HttpRequestMessage(HttpMethod.Get, "/api/v1/usage") { Headers = { { "openai-event-code", Code } } })
            (await client.AskAsync(asking)).Status.ShouldBe(200);

        await LimitFilesAsync("1");
        await simulator.ReleaseAsync();
        await server.SaysAsync("journal cannot be written");
        var refused = await client.AskAsync(Asking.Chat, Asking.Hello, Code);
        var hadEnded = answering.IsCompleted;
        await LimitFilesAsync("unlimited");

        hadEnded.ShouldBeFalse();
        (refused.Status, refused.Code).ShouldBe((503, "ledger_unavailable"));
        (await answering).Body.ShouldEndWith("data: [DONE]\n\n");
        (await client.AskAsync(Asking.Chat, Asking.Hello, Code)).Status.ShouldBe(200);
        (await simulator.RequestsAsync()).Count.ShouldBe(3);
        (await server.StopAsync()).ShouldBe(0, server.Output);
        (await Command.RunAsync([.. ServerProcess.Built, "verify", "--data", Path.Combine(directory.Path, "data")])).ShouldSucceed();
    }

    [Fact]
    public async Task What_was_refused_because_the_disk_was_full_has_left_nothing_for_the_next_start()
    {
        Assert.SkipWhen(server is null, "Only Linux can limit a program that runs.");
        var announced = await server!.ReadyAsync();
        using var client = new HttpClient { BaseAddress = announced.Public };
        (await client.AskAsync(Asking.Chat, Asking.Hello, Code)).Status.ShouldBe(200);
        using (var asking = new HttpRequestMessage(HttpMethod.Get, "/api/v1/usage") { Headers = { { "openai-event-code", Code } } })
            (await client.AskAsync(asking)).Status.ShouldBe(200);
        var journal = new FileInfo(Directory.EnumerateFiles(Path.Combine(directory.Path, "data"), "ledger-*.journal").Single());

        // The beginning of a record can still be written.
        await LimitFilesAsync($"{journal.Length + 10}");
        var refused = await client.AskAsync(Asking.Chat, Asking.Hello, Code);
        await server.SaysAsync("journal cannot be written");
        server.Kill();
        await server.EndAsync();

        (refused.Status, refused.Code).ShouldBe((503, "ledger_unavailable"));
        (await Command.RunAsync([.. ServerProcess.Built, "verify", "--data", Path.Combine(directory.Path, "data")])).ShouldSucceed();
    }

    private async Task LimitFilesAsync(string bytes) =>
        (await Command.RunAsync("prlimit", "--pid", $"{server!.Id}", $"--fsize={bytes}:")).ShouldSucceed();
}
