namespace OpenAIProxy.Bench.Subjects;

/// <summary>The yardstick: a copy loop between Kestrel and HttpClient.</summary>
internal sealed class Passthrough(BenchSettings settings, Upstream upstream) : Subject("passthrough")
{
    protected override ServerProcess Launch() => ServerProcess.Start(
        Path.Combine(settings.Work, "passthrough.log"),
        [ServerProcess.Dotnet, settings.Passthrough, "--port", $"{Address.Port}", "--upstream", upstream.Endpoint],
        []);
}
