using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Tests;

/// <summary>Runs commands as a person or a script does, against a server of its own, in a directory of its own.</summary>
internal sealed class CliUnderTest : IAsyncDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    private CliUnderTest(AdminServer server) => Server = server;

    public AdminServer Server { get; }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("openai-proxy-cli").FullName;

    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>What a person types; null where there is no terminal.</summary>
    public string? Typed { get; set; }

    public string Piped { get; set; } = "";

    public int? Width { get; set; }

    /// <summary>How much time passes from one look at the clock to the next.</summary>
    public TimeSpan BetweenLooks { get; set; }

    /// <summary>Where standard output goes instead of <see cref="Output"/>.</summary>
    public TextWriter? Out { get; set; }

    public string Output => output.ToString();

    public string Error => error.ToString();

    public static async Task<CliUnderTest> StartAsync()
    {
        var cli = new CliUnderTest(await AdminServer.StartAsync());
        cli.Variables["OPENAIPROXY_ADMIN_URL"] = cli.Server.Url;
        cli.Variables["OPENAIPROXY_ADMIN_TOKEN"] = AdminServer.Token;
        return cli;
    }

    public async Task<int> RunAsync(params string[] args)
    {
        output.GetStringBuilder().Clear();
        error.GetStringBuilder().Clear();
        return await CommandLine.RunAsync(args, Surroundings());
    }

    public async Task<JsonNode> JsonAsync(params string[] args)
    {
        (await RunAsync([.. args, "--json"])).ShouldBe(0, Error);
        return JsonNode.Parse(Output)!;
    }

    public string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(Directory, name), text);
        return name;
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(Directory, name));

    public Surroundings Surroundings() => new(
        new Terminal(new StringReader(Typed ?? Piped), Out ?? output, error) { IsInteractive = Typed is not null, ShowsProgress = Typed is not null, Width = Width },
        Variables.GetValueOrDefault,
        Directory,
        new FixedTime(BetweenLooks));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private sealed class FixedTime(TimeSpan betweenLooks) : TimeProvider
    {
        private DateTimeOffset now = new(2026, 5, 1, 7, 0, 30, TimeSpan.Zero);

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        public override DateTimeOffset GetUtcNow()
        {
            var seen = now;
            now += betweenLooks;
            return seen;
        }
    }
}
