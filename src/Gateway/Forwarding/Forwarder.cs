using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Forwarding.Credentials;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Routing;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Sends a request to a backend and judges what comes back by its status: whose fault it is decides whose answer it is.</summary>
internal sealed partial class Forwarder(
    Exchange exchange, OwnResourceForwarder ownResources, BackendHealth health, Unanswered unanswered, TimeProvider time, ILogger<Forwarder> logger)
{
    /// <param name="entry">Learns what became of the request where there is no answer.</param>
    /// <returns>An answer for the client, whose body is still to come, or the refusal that hides a failure of the backend.</returns>
    /// <exception cref="OperationCanceledException">The client has gone; the backend was told to stop.</exception>
    public async ValueTask<Result<BackendAnswer>> SendAsync(HttpContext context, Route route, Call call, Admitted admitted, Flight flight, RequestEntry entry)
    {
        if (admitted.IsOwn)
            return await ownResources.SendAsync(context, route, call, admitted, flight, entry);
        var backend = route.Deployment.Backend;
        try
        {
            var answer = await exchange.SendAsync(context, route, call, admitted, entry, flight.Token);
            if (answer.Status == StatusCodes.Status404NotFound && await ErrorAnswer.IsAboutRequestAsync(answer))
            {
                health.Answered(backend);
                return answer;
            }
            if (RefusalFor(answer, route.Deployment) is { } refusal)
            {
                answer.Dispose();
                // Azure charges for what it worked on until it gave up, and for nothing that it turned away.
                entry.Outcome = answer.Status == StatusCodes.Status408RequestTimeout ? Outcome.BackendBroke : Outcome.NotTaken;
                return refusal;
            }
            health.Answered(backend);
            return answer;
        }
        catch (OperationCanceledException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            entry.Fail(flight.Reason is null ? Outcome.BackendBroke : Outcome.CutOff);
            return flight.Reason ?? (BackendConnections.HasNotConnected(e) ? unanswered.Unreachable(backend, e) : unanswered.TooSlow(backend));
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !context.RequestAborted.IsCancellationRequested)
        {
            entry.Fail(Outcome.BackendBroke);
            return unanswered.Unreachable(backend, e);
        }
        catch (TokenUnavailableException e)
        {
            LogTokenUnavailable(backend.Name, e.Message);
            health.Failed(backend, $"There is no token for it: {e.Message}");
            return e.Trouble.IsPassing ? Refuse.BackendUnreachable() : Refuse.BackendMisconfigured();
        }
    }

    // What is wrong with the client's request is the client's to read (400, 413, 415, 422, and a 404 that says so). The rest is between us and the
    // backend: its credential and address are the organiser's, its load nobody's.
    private Refusal? RefusalFor(BackendAnswer answer, Deployment deployment)
    {
        switch (answer.Status)
        {
            case >= 200 and < 300 or 400 or 413 or 415 or 422:
                return null;
            case 408:
                return unanswered.TooSlow(deployment.Backend);
            case 424 or 429 or >= 500:
                var wait = RetryAfter.Read(answer.Headers, time.GetUtcNow());
                LogExhausted(deployment.Backend.Name, deployment.Name, answer.Status, wait);
                health.Failed(deployment.Backend, $"It answered {answer.Status} for its deployment '{deployment.Name}'.");
                return Refuse.BackendsExhausted(wait);
            default:
                var suspects = SuspectsOf(deployment.Backend);
                LogMisconfigured(deployment.Backend.Name, deployment.Name, answer.Status, suspects);
                health.Failed(deployment.Backend, $"It answered {answer.Status} for its deployment '{deployment.Name}': check {suspects}.");
                return Refuse.BackendMisconfigured();
        }
    }

    private static string SuspectsOf(Backend backend) => backend.Credential is BackendCredential.Entra
        ? "that its identity has the role Cognitive Services OpenAI User, the token's scope, its address and the deployment's name"
        : "its key, its address and the deployment's name";

    [LoggerMessage(LogEvents.BackendMisconfigured, LogLevel.Error, "The backend {Backend} answered {Status} for its deployment {Deployment}: check {Suspects}")]
    private partial void LogMisconfigured(string backend, string deployment, int status, string suspects);

    [LoggerMessage(LogEvents.TokenUnavailable, LogLevel.Error, "There is no token for the backend {Backend}: {Reason}")]
    private partial void LogTokenUnavailable(string backend, string reason);

    [LoggerMessage(LogEvents.BackendExhausted, LogLevel.Warning, "The backend {Backend} answered {Status} for its deployment {Deployment} and asks to wait {Wait}")]
    private partial void LogExhausted(string backend, string deployment, int status, TimeSpan? wait);
}
