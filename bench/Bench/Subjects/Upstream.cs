namespace OpenAIProxy.Bench.Subjects;

/// <summary>What all others send requests on to; as a subject it is the direct way.</summary>
internal sealed class Upstream(BenchSettings settings) : Subject("direct")
{
    public string Endpoint => Url;

    protected override ServerProcess Launch() =>
        ServerProcess.Start(Path.Combine(settings.Work, "upstream.log"), [ServerProcess.Dotnet, settings.Upstream, "--port", $"{Address.Port}"], []);
}
