using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests.Killing;

/// <summary>A server that is killed and started again on the same data, and a simulator behind it that outlives every one of them.</summary>
/// <param name="asTheBench">Whether it is set up with the bench's configuration, and not with an event of its own.</param>
internal sealed class MortalInstallation(bool asTheBench) : IAsyncDisposable
{
    // Fast, and slow enough that a death finds answers on their way.
    private const string Latency = "ttft=5ms,tps=1500,spread=0.5";

    private readonly TempDirectory directory = new();
    private ServerProcess? simulator;
    private ServerProcess? server;

    public string Code { get; } = asTheBench ? BenchConfiguration.Event : "hack";

    public string Model { get; } = asTheBench ? BenchConfiguration.Model : "gpt-4o";

    /// <summary>Whether the limit on tokens is one for all; else it is one for each.</summary>
    public bool TokensAreEverybodys => !asTheBench;

    public string DataDirectory => Path.Combine(directory.Path, "data");

    public SimulatorControl Simulator { get; private set; } = null!;

    /// <summary>Where the server of the moment is called.</summary>
    public Uri Public { get; private set; } = null!;

    /// <summary>What one output or input token costs; not the same, so that neither is taken for the other.</summary>
    public Price Price { get; } =
        asTheBench ? new(150_000, 75_000, 600_000, 0, new DateOnly(2026, 1, 1), "bench") : new(2_500_000, 1_250_000, 10_000_000, 0, new DateOnly(2026, 1, 1), "this test");

    /// <summary>Starts the simulator and makes the event; no server yet.</summary>
    public async Task<MortalInstallation> PrepareAsync()
    {
        string[] built = ["dotnet", Repository.PathOf($"src/Simulator/bin/{Repository.Configuration}/net10.0/OpenAIProxy.Simulator.dll")];
        simulator = ServerProcess.Start(directory.Path, built, [], "--url", "http://127.0.0.1:0", "--latency", Latency);
        Simulator = new SimulatorControl(new Uri(await simulator.SaysAsync(@"http://127\.0\.0\.1:\d+")));
        if (asTheBench)
            await ApplyBenchAsync();
        else
            await ChangeAsync(MakeEventAsync);
        return this;
    }

    public async Task StartServerAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        server = ServerProcess.Start(directory.Path, ["--no-demo", .. ServerProcess.FreePorts]);
        Public = (await server.ReadyAsync()).Public;
    }

    /// <summary>SIGKILL: nothing is finished, nothing is flushed.</summary>
    public void KillServer() => server!.Kill();

    public Task ServerEndAsync() => server!.EndAsync();

    public async Task StopServerAsync() => (await server!.StopAsync()).ShouldBe(0, server.Output);

    /// <summary>Changes something while no server runs. What the last one has left in its journal is settled then, as at any start.</summary>
    public async Task ChangeAsync(Func<Change, Task> change)
    {
        var services = new ServiceCollection();
        services.AddStorage(new StorageOptions { DataDirectory = DataDirectory });
        await using var parts = services.BuildServiceProvider();
        using var startup = parts.GetRequiredService<StorageStartup>();
        await startup.StartAsync(CancellationToken.None);
        await parts.GetRequiredService<Changes>().MakeAsync(change, CancellationToken.None);
    }

    /// <summary>Gives the event's limit on tokens, of everybody or of each attendee, another cap.</summary>
    public Task CapTokensAsync(long cap) => ChangeAsync(async change =>
    {
        var limits = await change.Limits.ListAsync(EventCode.Parse(Code));
        await change.Limits.SetCapAsync(EventCode.Parse(Code), limits.Single(l => l.Unit == LimitUnit.TotalTokens).Id, cap);
    });

    /// <summary>What the server's own verb says of its data.</summary>
    public async Task VerifyAsync(string when)
    {
        var ended = await Command.RunAsync([.. ServerProcess.Built, "verify", "--data", DataDirectory]);
        ended.ExitCode.ShouldBe(0, $"{when}: {ended.Output}{ended.Errors}");
    }

    public async ValueTask DisposeAsync()
    {
        Simulator?.Dispose();
        foreach (var process in new[] { server, simulator })
            if (process is not null)
                await process.DisposeAsync();
        directory.Dispose();
    }

    private async Task ApplyBenchAsync()
    {
        await StartServerAsync();
        using var api = new HttpClient { BaseAddress = new Announced(server!.Output).Admin };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(DataDirectory, "admin-token"))).Trim());
        await api.ApplyAsync(BenchConfiguration.Document(Simulator.Address));
        await StopServerAsync();
    }

    private async Task MakeEventAsync(Change change)
    {
        await change.Backends.PutAsync(new BackendDefinition { Name = "azure", Endpoint = Simulator.Address.ToString(), ApiKey = "simulator" });
        await change.Models.PutAsync(new Model
        {
            Name = Model,
            Family = ModelFamily.Chat,
            Operations = [Operation.ChatCompletions],
            ContextWindow = 128_000,
            MaxOutput = 16_384,
        });
        await change.Prices.PutAsync(Model, Price);
        await change.Deployments.PutAsync(new DeploymentDefinition(Model, "azure", Model));
        await change.Events.PutAsync(new EventDefinition
        {
            Code = Code,
            Name = "Hack day",
            Organiser = new Organiser("Olga", null),
            Start = new DateTime(2020, 1, 1, 9, 0, 0, DateTimeKind.Unspecified),
            End = new DateTime(2090, 1, 1, 9, 0, 0, DateTimeKind.Unspecified),
            TimeZone = "Europe/Berlin",
            State = EventState.Open,
            Models = [Model],
            Defaults = new Dictionary<Operation, string> { [Operation.ChatCompletions] = Model },
            OutputCap = 16_384,
            AttendeeCap = 1_000_000,
        });
        // One at a time: a reservation that somebody's death has left behind would let that attendee in no more.
        await change.Limits.AddAsync(EventCode.Parse(Code), new Limit(0, LimitScope.Attendee, LimitUnit.InFlight, LimitWindow.Event, 1));
        await change.Limits.AddAsync(EventCode.Parse(Code), new Limit(0, LimitScope.Event, LimitUnit.TotalTokens, LimitWindow.Event, Limit.MaxCap));
        await change.Limits.AddAsync(EventCode.Parse(Code), new Limit(0, LimitScope.Attendee, LimitUnit.Money, LimitWindow.Day, Limit.MaxCap));
    }
}
