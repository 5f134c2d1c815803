using OpenAIProxy.Bench.Load;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Scenarios;

/// <summary>All that can be measured; what a scenario does not ask for is not started.</summary>
internal sealed class Stage : IAsyncDisposable
{
    // .NET compiles again what has run often, in steps, and in the background: for a dozen seconds, with a third of a processor, and until then what
    // runs is slow. What is compared with another program is not measured before; it is looked at so often, and no longer than that.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostCompiling = TimeSpan.FromSeconds(24);

    // For those that are compared with themselves.
    private static readonly TimeSpan JustInTime = TimeSpan.FromSeconds(4);

    private const int WarmConnections = 16;

    // Of a processor.
    private const double HardlyAny = 0.02;

    // What a run has; a full run has ten times as many.
    private const long Keys = 100_000;
    private const long Entries = 1_000_000;

    // GC.GetTotalAllocatedBytes leaves out what was allocated in parts of the heap that were given up, and never says less than before: it stands still
    // until there is as much again (https://github.com/dotnet/runtime/pull/131069).
    private const string HeapThatDoesNotAdapt = "DOTNET_GCDynamicAdaptationMode=0";

    private readonly Gateway gateway;
    private readonly Gateway small;
    private readonly Gateway large;
    private readonly Gateway ofEvent;
    private readonly Gateway plain;
    private readonly Gateway power;
    private readonly Gateway counted;
    private readonly Passthrough passthrough;
    private readonly Nginx nginx;

    public Stage(BenchSettings settings)
    {
        Settings = settings;
        Direct = new Upstream(settings);
        gateway = new Gateway("gateway", settings, Direct, settings.Durability);
        small = new Gateway("small", settings, Direct, settings.Durability);
        large = new Gateway("large", settings, Direct, settings.Durability);
        ofEvent = new Gateway("event", settings, Direct, settings.Durability);
        plain = new Gateway("plain", settings, Direct, durability: null);
        power = new Gateway("power", settings, Direct, "power");
        counted = new Gateway("counted", settings with { Variables = [.. settings.Variables, HeapThatDoesNotAdapt] }, Direct, settings.Durability);
        passthrough = new Passthrough(settings, Direct);
        nginx = new Nginx(settings, Direct);
    }

    public BenchSettings Settings { get; }

    /// <summary>Whether the gateway with very many keys and entries has been made.</summary>
    public bool HasLarge { get; private set; }

    public Upstream Direct { get; }

    public async Task<Gateway> GatewayAsync(CancellationToken cancellation) => await WarmGatewayAsync(gateway, cancellation);

    /// <summary>A gateway without a past, to compare others with that have none beside what they are about.</summary>
    public async Task<Gateway> SmallAsync(CancellationToken cancellation) => await WarmGatewayAsync(small, cancellation);

    /// <summary>A gateway with what an event leaves in it.</summary>
    public async Task<Gateway> EventAsync(CancellationToken cancellation) => await WarmGatewayAsync(ofEvent, cancellation);

    /// <summary>A gateway that is as durable as it is by itself, whatever the bench was told.</summary>
    public async Task<Gateway> DefaultAsync(CancellationToken cancellation) => await WarmGatewayAsync(plain, cancellation);

    /// <summary>A gateway whose allocations the runtime counts right.</summary>
    public async Task<Gateway> CountedAsync(CancellationToken cancellation) => await WarmGatewayAsync(counted, cancellation);

    /// <summary>A gateway whose settings say that what it promised survives the death of the machine.</summary>
    public async Task<Gateway> PowerAsync(CancellationToken cancellation) => await WarmGatewayAsync(power, cancellation);

    /// <summary>A gateway with very many keys and entries.</summary>
    public async Task<Gateway> LargeAsync(CancellationToken cancellation)
    {
        await FillAsync(cancellation);
        return await WarmGatewayAsync(large, cancellation);
    }

    public async Task<Subject> PassthroughAsync(CancellationToken cancellation) => await WarmAsync(passthrough, "none", cancellation);

    public async Task<Subject> NginxAsync(CancellationToken cancellation) => await WarmAsync(nginx, "none", cancellation);

    /// <summary>Has a subject compile what runs for requests of another kind than those that all are warmed up with.</summary>
    public static async Task WarmAsync(Subject subject, Requests requests, Expectation expectation)
    {
        using var fleet = await Fleet.OpenAsync(subject.Address, WarmConnections);
        await CompileAsync(subject, fleet, requests, expectation, MostCompiling / 2);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var subject in new Subject[] { gateway, small, large, ofEvent, plain, power, counted, passthrough, nginx, Direct })
            await subject.DisposeAsync();
    }

    // Made by the server itself, set up as any other, filled while it is stopped, and found good by its own check.
    private async Task FillAsync(CancellationToken cancellation)
    {
        if (HasLarge)
            return;
        await Direct.StartAsync(cancellation);
        await large.StartAsync(cancellation);
        await large.OrganiserAsync(cancellation);
        await large.StopAsync();
        var times = Settings.Full ? 10 : 1;
        await BulkData.FillAsync(Path.Combine(large.Data, "openai-proxy.db"), Keys * times, Entries * times, cancellation);
        await large.RunAsync("verify", cancellation);
        HasLarge = true;
    }

    private async Task<Gateway> WarmGatewayAsync(Gateway subject, CancellationToken cancellation)
    {
        await Direct.StartAsync(cancellation);
        await subject.StartAsync(cancellation);
        var organiser = await subject.OrganiserAsync(cancellation);
        await WarmAsync(subject, await organiser.KeyAsync(cancellation), cancellation);
        return subject;
    }

    private async Task<Subject> WarmAsync(Subject subject, string key, CancellationToken cancellation)
    {
        await Direct.StartAsync(cancellation);
        await subject.StartAsync(cancellation);
        if (subject.IsWarm)
            return subject;
        using var fleet = await Fleet.OpenAsync(subject.Address, WarmConnections);
        var most = subject == gateway || subject == passthrough ? MostCompiling : JustInTime;
        await CompileAsync(subject, fleet, new Requests("burst", Bodies.Stream, key), Expectation.Stream, most / 2);
        await CompileAsync(subject, fleet, new Requests("chat", Bodies.Chat, key), Expectation.Completion, most);
        subject.IsWarm = true;
        return subject;
    }

    // Until it has hardly anything left to compile.
    private static async Task CompileAsync(Subject subject, Fleet fleet, Requests requests, Expectation expectation, TimeSpan most)
    {
        var took = TimeSpan.Zero;
        for (var isBusy = true; isBusy && took < most; took += Look)
        {
            var before = subject.Compiling;
            await fleet.SaturateAsync(requests, expectation, Look);
            isBusy = subject.Compiling - before > Look * HardlyAny;
        }
    }
}
