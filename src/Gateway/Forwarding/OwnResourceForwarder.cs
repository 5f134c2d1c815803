using Microsoft.AspNetCore.Http;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Routing;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// Sends a request to a resource that the caller brought: every answer of Azure is theirs to read. What Azure itself asks to
/// try again is tried again, as the server did that these credentials come from.
/// </summary>
internal sealed class OwnResourceForwarder(Exchange exchange, TimeProvider time)
{
    private const int Retries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask<Result<BackendAnswer>> SendAsync(HttpContext context, Route route, Call call, Admitted admitted, Flight flight, RequestEntry entry)
    {
        for (var retry = 0; ; retry++)
        {
            BackendAnswer? answer = null;
            try
            {
                answer = await exchange.SendAsync(context, route, call, admitted, entry, flight.Token);
                // To another protocol, which nobody asked for, or a number that is no status: there is no answer behind it.
                if (answer.Status < StatusCodes.Status200OK)
                {
                    entry.Outcome = Outcome.NotTaken;
                    return Refuse.OwnResourceUnreachable();
                }
                if (retry == Retries || !await IsPassingAsync(answer))
                {
                    var kept = answer;
                    answer = null;
                    return kept;
                }
            }
            catch (OperationCanceledException e) when (!context.RequestAborted.IsCancellationRequested)
            {
                entry.Fail(flight.Reason is null ? Outcome.BackendBroke : Outcome.CutOff);
                return flight.Reason ?? (BackendConnections.HasNotConnected(e) ? Refuse.OwnResourceUnreachable() : Refuse.BackendTooSlow());
            }
            catch (Exception e) when (e is HttpRequestException or IOException && !context.RequestAborted.IsCancellationRequested)
            {
                entry.Fail(Outcome.BackendBroke);
                return Refuse.OwnResourceUnreachable();
            }
            finally
            {
                answer?.Dispose();
            }
            await Task.Delay(Pause, time, context.RequestAborted);
        }
    }

    // A failure of the server, or a stream that begins with the news that the model is overloaded: both pass by themselves.
    private static async ValueTask<bool> IsPassingAsync(BackendAnswer answer) =>
        answer.Status >= 500 || (answer.IsEventStream && await Overload.IsFirstEventAsync(answer));
}
