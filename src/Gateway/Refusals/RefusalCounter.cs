using Microsoft.AspNetCore.Http;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Refusals;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Refusals;

/// <summary>
/// Tells who counts refusals of each that a call got. What a backend refused or broke is none; nor is what was no call of ours (a path or method that
/// is not there), or failed by our own mistake.
/// </summary>
internal sealed class RefusalCounter(IRefusalCount refusals, TimeProvider time)
{
    public void Count(Refusal refusal, RequestReport report) => Count(refusal, report.Event, report.Attendee, report.RequestId);

    /// <summary>Counts a refusal and writes it, where no relay does: of a call that is not for a model.</summary>
    /// <param name="caller">Null where nobody is known.</param>
    public Task RefuseAsync(HttpContext context, Refusal refusal, Caller? caller = null)
    {
        var known = caller as Caller.OfEvent;
        // First: who has the answer finds it counted.
        Count(refusal, known?.Event.Code.Value ?? "", known?.Attendee?.Id, context.TraceIdentifier);
        return RefusalWriter.WriteAsync(context.Response, refusal);
    }

    private void Count(Refusal refusal, string @event, long? attendee, string request)
    {
        if (!refusal.IsOfBackend)
            refusals.Add(new RefusalNote(refusal.Event ?? @event, refusal.Attendee ?? attendee, refusal.Code, refusal.Message, time.GetUtcNow(), request));
    }
}
