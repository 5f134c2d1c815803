using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway;
using OpenAIProxy.Server;
using OpenAIProxy.Server.Demo;
using OpenAIProxy.Server.Listeners;
using OpenAIProxy.Server.Settings;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Testing;

/// <summary>
/// The real server on free ports, with the real simulator behind it and a database of its own. It has the demo's event
/// <c>hackathon</c>, without the demo's limits; a test adds what else it needs.
/// </summary>
public sealed class GatewayUnderTest : IAsyncDisposable
{
    /// <summary>What opens the management API.</summary>
    public const string AdminToken = "the-admin-token-of-this-test";

    /// <summary>A model that thinks before it answers, which the demo's event has not; for <see cref="AddModelAsync"/>.</summary>
    public static readonly Model ReasoningModel = new()
    {
        Name = "o3-mini",
        Family = ModelFamily.Reasoning,
        Operations = [Operation.ChatCompletions],
        ContextWindow = 200_000,
        MaxOutput = 100_000,
    };

    /// <summary>How long a stop waits for requests in flight.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    private readonly TempDirectory directory = new();
    private WebApplication? app;

    /// <summary>The clock of the server; the simulator keeps real time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public GatewayOptions Options { get; init; } = new();

    /// <summary>Changes the settings before the server is made.</summary>
    public Func<ServerSettings, ServerSettings> Settings { get; init; } = settings => settings;

    /// <summary>Whether the demo's event has the limits that it comes with. Most tests ask for more than a person does.</summary>
    public bool KeepsLimits { get; init; }

    public CapturedLog Log { get; } = new();

    public string DataDirectory => Path.Combine(directory.Path, "data");

    /// <summary>The data plane as a client without any credential sees it.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>The admin listener.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>The management API, as the administrator uses it.</summary>
    public HttpClient Api { get; private set; } = null!;

    public SimulatorControl Simulator { get; private set; } = null!;

    public IServiceProvider Services => app!.Services;

    public Snapshot Snapshot => Services.GetRequiredService<LiveSnapshot>().Current;

    public LedgerUnderTest Ledger => new(Services.GetRequiredService<SqliteLedger>(), Services.GetRequiredService<SqliteDatabase>(), Time);

    public async Task<GatewayUnderTest> StartAsync()
    {
        var settings = Settings(new ServerSettings
        {
            Storage = new StorageOptions { DataDirectory = DataDirectory, AdminToken = AdminToken },
            Gateway = Options with { DrainTimeout = DrainTimeout },
            Demo = true,
        });
        var isNew = !File.Exists(Path.Combine(settings.Storage.DataDirectory, "openai-proxy.db"));
        app = ServerApplication.Create(settings, builder =>
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(Time));
            builder.Logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Trace);
        });
        await app.StartAsync();
        if (isNew && !KeepsLimits)
            await ChangeAsync(RemoveLimitsAsync);
        var listeners = Services.GetRequiredService<ListenerSet>();
        Client = new HttpClient { BaseAddress = listeners.Public, Timeout = TimeSpan.FromSeconds(60) };
        Admin = new HttpClient { BaseAddress = listeners.Admin };
        Api = ApiWith(AdminToken);
        if (Services.GetRequiredService<DemoHost>().SimulatorAddress is { } address)
            Simulator = new SimulatorControl(address);
        return this;
    }

    private static async Task RemoveLimitsAsync(Change change)
    {
        var demo = EventCode.Parse("hackathon");
        foreach (var limit in await change.Limits.ListAsync(demo))
            await change.Limits.DeleteAsync(demo, limit.Id);
    }

    /// <summary>The management API, as somebody with this token uses it.</summary>
    public HttpClient ApiWith(string token) => new()
    {
        BaseAddress = Admin.BaseAddress,
        DefaultRequestHeaders = { Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>Changes the configuration; it is in force when this returns.</summary>
    public Task ChangeAsync(Func<Change, Task> change) => Services.GetRequiredService<Changes>().MakeAsync(change, CancellationToken.None);

    public Task<T> ChangeAsync<T>(Func<Change, Task<T>> change) => Services.GetRequiredService<Changes>().MakeAsync(Actor.Server, change, CancellationToken.None);

    /// <summary>Changes an event; <c>hackathon</c> unless another one is named.</summary>
    public Task ChangeEventAsync(Func<EventDefinition, EventDefinition> change, string code = "hackathon") => ChangeAsync(async tables =>
    {
        var definition = await tables.Events.GetAsync(EventCode.Parse(code));
        await tables.Events.PutAsync(change(definition!));
    });

    /// <summary>Adds an event like <c>hackathon</c> under another code.</summary>
    public Task AddEventAsync(string code, Func<EventDefinition, EventDefinition>? change = null) => ChangeAsync(async tables =>
    {
        var definition = (await tables.Events.GetAsync(EventCode.Parse("hackathon")))! with { Code = code };
        await tables.Events.PutAsync(change is null ? definition : change(definition));
    });

    /// <summary>Adds a model on the simulator and offers it in <c>hackathon</c>.</summary>
    public Task AddModelAsync(Model model) => ChangeAsync(async tables =>
    {
        await tables.Models.PutAsync(model);
        await tables.Deployments.PutAsync(new DeploymentDefinition(model.Name, "simulator", model.Name));
        var definition = (await tables.Events.GetAsync(EventCode.Parse("hackathon")))!;
        await tables.Events.PutAsync(definition with { Models = [.. definition.Models, model.Name] });
    });

    /// <summary>Stops the server as SIGTERM does.</summary>
    public Task StopAsync() => app!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        Admin?.Dispose();
        Api?.Dispose();
        Simulator?.Dispose();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        directory.Dispose();
    }
}
