using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Routing;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Tells log, health and client of a backend that has not answered: not at all, or not with a single byte behind its headers.</summary>
internal sealed partial class Unanswered(BackendHealth health, ILogger<Unanswered> logger)
{
    public Refusal Unreachable(Backend backend, Exception e)
    {
        LogUnreachable(backend.Name, e.Message);
        health.Failed(backend, "It cannot be reached.");
        return Refuse.BackendUnreachable();
    }

    public Refusal TooSlow(Backend backend)
    {
        LogTooSlow(backend.Name);
        health.Failed(backend, "It did not answer in time.");
        return Refuse.BackendTooSlow();
    }

    [LoggerMessage(LogEvents.BackendUnreachable, LogLevel.Error, "The backend {Backend} cannot be reached: {Reason}")]
    private partial void LogUnreachable(string backend, string reason);

    [LoggerMessage(LogEvents.BackendTooSlow, LogLevel.Warning, "The backend {Backend} did not answer in time")]
    private partial void LogTooSlow(string backend);
}
