using System.Net.Sockets;
using OpenAIProxy.Gateway;
using OpenAIProxy.Gateway.Authentication;
using OpenAIProxy.Server.Logs;
using OpenAIProxy.Server.Settings;
using OpenAIProxy.Simulator;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Server.Demo;

/// <summary>
/// The demo: the simulator in this process, and the demo event opened on it. It starts before the listeners do and stops
/// after the last request has ended.
/// </summary>
public sealed partial class DemoHost(
    ServerSettings settings, Reads reads, Changes changes, OwnResourcePolicy ownResources, TimeProvider time, ILogger<DemoHost> logger) : IHostedService
{
    private const string Remembered = "demo";

    private WebApplication? simulator;

    /// <summary>Where the simulator is; null where the demo is off.</summary>
    public Uri? SimulatorAddress { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var remembered = await reads.ReadAsync(tables => tables.Settings.GetAsync(Remembered), cancellationToken);
        var isOn = settings.Demo ?? (remembered is null ? settings.IsDevelopment : remembered == "true");
        if (isOn)
        {
            simulator = await StartSimulatorAsync(cancellationToken);
            SimulatorAddress = new Uri(simulator.Urls.First());
            // Whatever resource somebody brings to the demo, the simulator plays it.
            if (settings.OwnResources is null)
                ownResources.Current = new OwnResourceOptions { Enabled = true, UrlTemplate = SimulatorAddress.ToString() };
        }
        await changes.MakeAsync(
            async change =>
            {
                await change.Settings.PutAsync(Remembered, isOn ? "true" : "false");
                if (SimulatorAddress is { } address)
                    await DemoEvent.OpenAsync(change, address, time);
            },
            cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (simulator is null)
            return;
        await simulator.StopAsync(cancellationToken);
        await simulator.DisposeAsync();
    }

    private async Task<WebApplication> StartSimulatorAsync(CancellationToken cancellation)
    {
        var started = Create(settings.SimulatorUrl);
        try
        {
            await started.StartAsync(cancellation);
            return started;
        }
        catch (IOException e)
        {
            // Another simulator has the port, such as that of a second demo. This one can do with any.
            LogPortTaken(settings.SimulatorUrl, e.Message);
            await started.DisposeAsync();
            started = Create("http://127.0.0.1:0");
            await started.StartAsync(cancellation);
            return started;
        }
        catch (SocketException e)
        {
            // Such as a port below 1024, or an address of another machine.
            await started.DisposeAsync();
            throw new WrongSettingException(AllSettings.SimulatorUrl, settings.SimulatorUrl, $"is nothing that can be listened on here ({e.Message})");
        }
    }

    private WebApplication Create(string url)
    {
        try
        {
            return SimulatorApplication.Create(["--url", url, "--latency", settings.SimulatorLatency]);
        }
        catch (ArgumentException)
        {
            throw new WrongSettingException(AllSettings.SimulatorLatency, settings.SimulatorLatency, "is neither none, fast, realistic, nor such as ttft=300ms,tps=50,spread=0.2");
        }
    }

    [LoggerMessage(LogEvents.SimulatorPortTaken, LogLevel.Information, "The simulator takes a free port, because {Url} cannot be had: {Reason}")]
    private partial void LogPortTaken(string url, string reason);
}
