using System.CommandLine;
using System.Globalization;
using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench;

/// <summary>What is typed to start the bench.</summary>
internal static class BenchCommand
{
    private static readonly Option<string[]> Only = new("--only") { Description = "Measure these scenarios only; may be given several times. The results go to part.json and part.md, to those that are there of the same commit with the same settings.", HelpName = "SCENARIO", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 3 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "How long one measurement takes.", DefaultValueFactory = _ => 3 };
    private static readonly Option<bool> Full = new("--full") { Description = "Also the soak of 30 minutes, and ten times as much data: about an hour." };
    private static readonly Option<string?> Durability = new("--durability") { Description = "How durable the gateway's ledger is: as its own --durability.", HelpName = "VALUE" };
    private static readonly Option<string[]> Variables = new("--gateway-env") { Description = "An environment variable for the gateway only, such as DOTNET_gcServer=0.", HelpName = "NAME=VALUE" };
    private static readonly Option<bool> List = new("--list") { Description = "Say which scenarios there are, and measure nothing." };
    private static readonly Option<string> Server = PathOption("--server", "The gateway, published.", "bench/out/server/OpenAIProxy.Server.dll");
    private static readonly Option<string> Passthrough = PathOption("--passthrough", "The passthrough.", "bench/out/passthrough/OpenAIProxy.Passthrough.dll");
    private static readonly Option<string> Upstream = PathOption("--upstream", "The upstream.", "bench/out/upstream/OpenAIProxy.Upstream.dll");
    private static readonly Option<string> Nginx = PathOption("--nginx", "nginx.", File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx");
    private static readonly Option<string> Work = PathOption("--work", "In which directory databases and logs are made, in a folder of their own that is removed behind; on a disk.", "bench/out");
    private static readonly Option<string> Results = PathOption("--results", "Where the results are written.", "bench/results");
    private static readonly Option<string> Chart = PathOption("--chart", "The chart that a whole run draws.", "docs/images/bench.svg");

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var command = new RootCommand("Measures the gateway beside nginx and a bare passthrough. Start it with bench/run, which builds all of them; bench/run micro measures the parts by themselves.")
        {
            Only, Rounds, Seconds, Full, Durability, Variables, List, Server, Passthrough, Upstream, Nginx, Work, Results, Chart,
        };
        command.SetAction(ActAsync);
        // Time to stop the servers behind Ctrl-C.
        return await command.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = TimeSpan.FromSeconds(40) });
    }

    private static async Task<int> ActAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (parsed.GetValue(List))
        {
            foreach (var scenario in AllScenarios.All)
                await output.WriteLineAsync($"{scenario.Name,-14} {scenario.About}{(scenario.FullOnly ? " (only with --full)" : "")}");
            return 0;
        }
        try
        {
            return await Run.RunAsync(SettingsOf(parsed), output, cancellation);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Stopped.");
            return 1;
        }
        catch (BenchException e)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static BenchSettings SettingsOf(ParseResult parsed) => new(
        Math.Max(1, parsed.GetValue(Rounds)),
        Math.Clamp(parsed.GetValue(Seconds), 0.5, 600),
        parsed.GetValue(Only) ?? [],
        parsed.GetValue(Full),
        parsed.GetValue(Durability),
        parsed.GetValue(Variables) ?? [],
        parsed.GetValue(Server)!,
        parsed.GetValue(Passthrough)!,
        parsed.GetValue(Upstream)!,
        parsed.GetValue(Nginx)!,
        Path.Combine(Path.GetFullPath(parsed.GetValue(Work)!), "bench-work"),
        parsed.GetValue(Results)!,
        parsed.GetValue(Chart)!);

    private static Option<string> PathOption(string name, string description, string value) => new(name) { Description = description, HelpName = "PATH", DefaultValueFactory = _ => value };
}
