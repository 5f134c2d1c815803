using OpenAIProxy.Bench.Load;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Scenarios;

/// <summary>What is measured, in the order in which it is measured.</summary>
internal static class AllScenarios
{
    public const string Direct = "direct";
    public const string Nginx = "nginx";
    public const string Passthrough = "passthrough";
    public const string Gateway = "gateway";

    private const string SmallChat = "A small chat, answered with 1.2 KB";
    private const int Crowd = 10_000;

    private static readonly Metric[] Costs = [Metric.Cpu, Metric.PerSecond, Metric.P50, Metric.P99];
    private static readonly Metric[] Times = [Metric.P50, Metric.P99, Metric.AddedP50, Metric.AddedP99, Metric.Cpu];
    private static readonly Metric[] FirstByteTimes = [Metric.FirstByteP50, Metric.FirstByteP99, Metric.AddedFirstByteP50, Metric.AddedFirstByteP99, Metric.Cpu];

    public static IEnumerable<Scenario> All { get; } =
    [
        Chat(1), Chat(16),
        // With the direct way beside, which shows how much faster than all others load and upstream are.
        new Comparison
        {
            Name = "chat-64", About = SmallChat, Shown = Costs, Count = 4,
            Load = settings => new LoadShape.Saturated(64, settings.Measured), Contestants = Everybody("chat", Bodies.Chat, Expectation.Completion),
        },
        Chat(256),
        BesideProxies("prompt-32k", "A prompt of 32 KB", 16, "chat", Bodies.Long(32), Expectation.Completion),
        BesideProxies("prompt-256k", "A prompt of 256 KB", 16, "chat", Bodies.Long(256), Expectation.Completion),
        BesideProxies("stream", "A stream of 50 chunks, each in a packet of its own", 32, "burst", Bodies.Stream, Expectation.Stream),
        BesideProxies("stream-whole", "A stream of 50 chunks that arrives in one piece", 32, "chat", Bodies.Stream, Expectation.Stream),
        new Comparison
        {
            Name = "steady", About = "A small chat, at a fixed rate", Shown = Times, Count = 4,
            Load = settings => new LoadShape.Paced(64, 300, settings.Measured * 3), Contestants = Everybody("chat", Bodies.Chat, Expectation.Completion),
        },
        new Comparison
        {
            Name = "first-byte", About = "The first byte of a stream, at a fixed rate", Shown = FirstByteTimes, Count = 4,
            Load = settings => new LoadShape.Paced(64, 100, settings.Measured * 3), Contestants = Everybody("burst", Bodies.Stream, Expectation.Stream),
        },
        Refused("refused-key", "A key that was revoked", (organiser, cancellation) => organiser.RevokedKeyAsync(cancellation), Expectation.WrongKey),
        Refused("refused-cap", "A key whose cap is used up", (organiser, cancellation) => organiser.TightKeyAsync(cancellation), Expectation.OverCap),
        new Comparison
        {
            Name = "slow-streams", About = "5,000 streams at once, a chunk every 200 ms", Shown = [Metric.Peak, Metric.Cpu, Metric.FirstByteP99, Metric.Longest], Count = 3, StartsFresh = true,
            Load = _ => new LoadShape.Once(5_000, TimeSpan.FromSeconds(14)), Contestants = Proxies("slow", Bodies.Stream, Expectation.Stream),
        },
        new Comparison
        {
            Name = "late", About = "A backend that takes 300 ms, and 1,000 clients", Shown = Costs, Count = 3,
            Load = settings => new LoadShape.Saturated(1_000, settings.Measured), Contestants = Proxies("late", Bodies.Chat, Expectation.Completion),
        },
        new Comparison
        {
            Name = "attendees", About = "A small chat of one attendee, and of 10,000", Shown = Costs, Count = 2,
            Load = settings => new LoadShape.Saturated(64, settings.Measured), Contestants = OneAndManyAsync,
        },
        new Comparison
        {
            Name = "large", About = "A small chat with one key and no entries, and with 100,000 and 1,000,000; ten times as many in a full run", Shown = [.. Costs, Metric.Resident], Count = 2,
            Load = settings => new LoadShape.Saturated(64, settings.Measured), Contestants = SmallAndLargeAsync,
            Preparation = settings => TimeSpan.FromSeconds(settings.Full ? 400 : 40),
        },
        new ReadyTime { Name = "ready", About = "From start to ready, with the database of an event of 200 attendees that runs, and with the large one", Shown = [Metric.Ready, Metric.StartCpu] },
        new Comparison
        {
            Name = "allocations", About = "What a request allocates on the managed heap, whose size does not adapt here: the runtime's count stands still where it does", Count = 5,
            Shown = [Metric.Allocated], Load = settings => new LoadShape.Saturated(64, settings.Measured / 3), Contestants = AllocatingAsync,
        },
        Durability("durability", SmallChat, 64, "chat", Bodies.Chat, Expectation.Completion),
        Durability("durability-stream", "A stream of 50 chunks, each in a packet of its own", 32, "burst", Bodies.Stream, Expectation.Stream),
        new Soak { Name = "soak", About = "30 minutes at half load", FullOnly = true, Shown = [Metric.PerSecond, Metric.P99, Metric.Resident, Metric.Handles, Metric.Threads] },
    ];

    private static Comparison Chat(int connections) =>
        BesideProxies($"chat-{connections}", SmallChat, connections, "chat", Bodies.Chat, Expectation.Completion);

    private static Comparison BesideProxies(string name, string about, int connections, string deployment, string body, Expectation expectation) => new()
    {
        Name = name,
        About = about,
        Shown = Costs,
        Count = 3,
        Load = settings => new LoadShape.Saturated(connections, settings.Measured),
        Contestants = Proxies(deployment, body, expectation),
    };

    private static Comparison Refused(string name, string about, Func<Organiser, CancellationToken, Task<string>> key, Expectation expectation) => new()
    {
        Name = name,
        About = $"{about}, beside a passthrough's chat",
        Shown = Costs,
        Count = 2,
        Load = settings => new LoadShape.Saturated(64, settings.Measured),
        Contestants = async (stage, cancellation) =>
        {
            var gateway = await stage.GatewayAsync(cancellation);
            var wrong = new Requests("chat", Bodies.Chat, await key(await gateway.OrganiserAsync(cancellation), cancellation));
            await Stage.WarmAsync(gateway, wrong, expectation);
            return
            [
                new Contestant(Passthrough, await stage.PassthroughAsync(cancellation), new Requests("chat", Bodies.Chat, "none"), Expectation.Completion),
                new Contestant(Gateway, gateway, wrong, expectation),
            ];
        },
    };

    private static Func<Stage, CancellationToken, Task<IReadOnlyList<Contestant>>> Proxies(string deployment, string body, Expectation expectation) =>
        async (stage, cancellation) => [.. (await Everybody(deployment, body, expectation)(stage, cancellation)).Skip(1)];

    // All send the same bytes.
    private static Func<Stage, CancellationToken, Task<IReadOnlyList<Contestant>>> Everybody(string deployment, string body, Expectation expectation) =>
        async (stage, cancellation) =>
        {
            var gateway = await stage.GatewayAsync(cancellation);
            var requests = new Requests(deployment, body, await (await gateway.OrganiserAsync(cancellation)).KeyAsync(cancellation));
            return
            [
                new Contestant(Direct, stage.Direct, requests, expectation),
                new Contestant(Nginx, await stage.NginxAsync(cancellation), requests, expectation),
                new Contestant(Passthrough, await stage.PassthroughAsync(cancellation), requests, expectation),
                new Contestant(Gateway, gateway, requests, expectation),
            ];
        };

    private static async Task<IReadOnlyList<Contestant>> OneAndManyAsync(Stage stage, CancellationToken cancellation)
    {
        var gateway = await stage.GatewayAsync(cancellation);
        var organiser = await gateway.OrganiserAsync(cancellation);
        return
        [
            new Contestant("one", gateway, new Requests("chat", Bodies.Chat, await organiser.KeyAsync(cancellation)), Expectation.Completion),
            new Contestant("many", gateway, new Requests("chat", Bodies.Chat, await organiser.KeysAsync(Crowd, cancellation)), Expectation.Completion),
        ];
    }

    private static async Task<IReadOnlyList<Contestant>> SmallAndLargeAsync(Stage stage, CancellationToken cancellation) =>
    [
        await OwnAsync("small", await stage.SmallAsync(cancellation), "chat", Bodies.Chat, Expectation.Completion, cancellation),
        await OwnAsync("large", await stage.LargeAsync(cancellation), "chat", Bodies.Chat, Expectation.Completion, cancellation),
    ];

    // The small chat, which has a figure to keep to, is the last.
    private static async Task<IReadOnlyList<Contestant>> AllocatingAsync(Stage stage, CancellationToken cancellation)
    {
        var gateway = await stage.CountedAsync(cancellation);
        var revoked = await (await gateway.OrganiserAsync(cancellation)).RevokedKeyAsync(cancellation);
        return
        [
            new Contestant("refused", gateway, new Requests("chat", Bodies.Chat, revoked), Expectation.WrongKey),
            await OwnAsync("stream", gateway, "burst", Bodies.Stream, Expectation.Stream, cancellation),
            await OwnAsync("prompt of 32 KB", gateway, "chat", Bodies.Long(32), Expectation.Completion, cancellation),
            await OwnAsync("prompt of 256 KB", gateway, "chat", Bodies.Long(256), Expectation.Completion, cancellation),
            await OwnAsync("small chat", gateway, "chat", Bodies.Chat, Expectation.Completion, cancellation),
        ];
    }

    private static Comparison Durability(string name, string about, int connections, string deployment, string body, Expectation expectation) => new()
    {
        Name = name,
        About = $"{about}: by default, and with --durability power",
        Shown = Costs,
        Count = 2,
        SetsDurability = true,
        Load = settings => new LoadShape.Saturated(connections, settings.Measured),
        Contestants = async (stage, cancellation) =>
        [
            await OwnAsync("default", await stage.DefaultAsync(cancellation), deployment, body, expectation, cancellation),
            await OwnAsync("power", await stage.PowerAsync(cancellation), deployment, body, expectation, cancellation),
        ],
    };

    private static async Task<Contestant> OwnAsync(string label, Gateway gateway, string deployment, string body, Expectation expectation, CancellationToken cancellation) =>
        new(label, gateway, new Requests(deployment, body, await (await gateway.OrganiserAsync(cancellation)).KeyAsync(cancellation)), expectation);
}
