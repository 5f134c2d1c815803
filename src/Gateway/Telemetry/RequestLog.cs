using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.Gateway.Telemetry;

/// <summary>Tells the log, the meter and the trace of each request: once, at its end.</summary>
internal sealed class RequestLog(GatewayMeter meter, ILogger<RequestLog> logger)
{
    /// <summary>The data plane's one source of traces.</summary>
    public static readonly ActivitySource Source = new("OpenAIProxy.Gateway");

    private static readonly EventId Ended = new(LogEvents.RequestEnded, nameof(Ended));

    /// <param name="headers">Of the request: they may name the trace it is part of.</param>
    /// <returns>Null where nobody collects traces.</returns>
    public Activity? Begin(RequestReport report, IHeaderDictionary headers)
    {
        meter.Began();
        if (!Source.HasListeners())
            return null;
        var parent = ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var theirs) ? theirs : default;
        return Source.StartActivity(report.Operation, ActivityKind.Server, parent);
    }

    public void End(RequestReport report, Activity? activity)
    {
        meter.Ended(report);
        if (activity is not null)
            TagAndEnd(report, activity);
        // Last: who sees the line finds the rest.
        logger.Log(LogLevel.Information, Ended, new RequestLine(report), null, static (line, _) => line.ToString());
    }

    private static void TagAndEnd(RequestReport report, Activity activity)
    {
        activity.SetTag("openai_proxy.request_id", report.RequestId);
        activity.SetTag("openai_proxy.event", report.Event);
        activity.SetTag("gen_ai.operation.name", report.Operation);
        activity.SetTag("gen_ai.request.model", report.Model);
        activity.SetTag("gen_ai.usage.input_tokens", report.Entry?.Usage?.Input);
        activity.SetTag("gen_ai.usage.output_tokens", report.Entry?.Usage?.Output);
        activity.SetTag("http.response.status_code", report.Status);
        activity.SetTag("error.type", report.Refusal?.Code);
        activity.Dispose();
    }
}
