using System.Diagnostics.Metrics;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Telemetry;

/// <summary>The data plane's instruments. Names are OpenTelemetry's for generative AI where it has them.</summary>
public sealed class GatewayMeter
{
    public const string Name = "OpenAIProxy.Gateway";

    private readonly Histogram<double> duration;
    private readonly Histogram<double> firstByte;
    private readonly Counter<long> requests;
    private readonly Counter<long> refusals;
    private readonly Counter<long> tokens;
    private readonly UpDownCounter<long> bodyMemory;
    // Asked for when somebody looks: it changes twice with each request, and nobody sees what it was in between.
    private long active;

    public GatewayMeter(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        requests = meter.CreateCounter<long>("openai_proxy.requests", "{request}", "Requests that were answered, by status.");
        refusals = meter.CreateCounter<long>("openai_proxy.refusals", "{request}", "Requests that the proxy refused, by the refusal's code.");
        meter.CreateObservableUpDownCounter("openai_proxy.active_requests", () => Volatile.Read(ref active), "{request}", "Requests that are being answered.");
        bodyMemory = meter.CreateUpDownCounter<long>("openai_proxy.body_memory", "By", "Memory that large bodies of requests take.");
        tokens = meter.CreateCounter<long>("openai_proxy.tokens", "{token}", "Tokens that backends reported as used.");
        duration = meter.CreateHistogram<double>("gen_ai.server.request.duration", "s", "How long requests took.");
        firstByte = meter.CreateHistogram<double>("gen_ai.server.time_to_first_token", "s", "How long the first byte of an answer took.");
    }

    internal void Began() => Interlocked.Increment(ref active);

    internal void Held(long bytes) => bodyMemory.Add(bytes);

    internal void Ended(RequestReport report)
    {
        Interlocked.Decrement(ref active);
        ReadOnlySpan<KeyValuePair<string, object?>> tags = [new("event", report.Event), new("operation", report.Operation), new("model", report.Model), new("status", report.Status)];
        requests.Add(1, tags);
        duration.Record(report.Elapsed.TotalSeconds, tags);
        if (report.FirstByte is { } first)
            firstByte.Record(first.TotalSeconds, tags);
        if (report.Refusal is { } refusal)
            refusals.Add(1, new("event", report.Event), new("code", refusal.Code));
    }

    internal void Used(string operation, string model, Usage usage)
    {
        tokens.Add(usage.Input, new("operation", operation), new("model", model), new("type", "input"));
        tokens.Add(usage.Output, new("operation", operation), new("model", model), new("type", "output"));
    }
}
