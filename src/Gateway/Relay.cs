using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Authentication;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Routing;
using OpenAIProxy.Gateway.Surfaces;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway;

/// <summary>
/// The life of one request, top to bottom: each stage's result is the next one's argument, and a refusal ends it.
/// Matching has been done by the path: it says the surface and the operation.
/// </summary>
internal sealed class Relay(
    Authenticator authenticator, CallReader reader, Gatekeeper gatekeeper, InFlight inFlight, Router router, Forwarder forwarder, Transmitter transmitter,
    Accountant accountant, RefusalCounter refusals, RequestLog log, TimeProvider time)
{
    // As long as whoever is not let in any more may go on; bodies of honest clients are here sooner.
    private static readonly TimeSpan MostTrusted = TimeSpan.FromSeconds(1);

    public async Task HandleAsync(HttpContext context, PathForm form, OperationSpec operation)
    {
        var began = time.GetTimestamp();
        var report = new RequestReport(context.TraceIdentifier, form.Surface.Name, operation.Path);
        var activity = log.Begin(report, context.Request.Headers);
        try
        {
            report.Refusal = await RelayAsync(context, form, operation, report, began);
            if (report.Refusal is { } refusal)
            {
                // First: who has the answer finds it counted.
                refusals.Count(refusal, report);
                await RefusalWriter.WriteAsync(context.Response, refusal);
            }
        }
        // A connection that was reset in the middle of a body may be heard of here first.
        catch (Exception e) when ((context.RequestAborted.IsCancellationRequested || e is ConnectionResetException) && e is not AnswerCutShortException)
        {
            // Nobody sees it; log and metrics call it by nginx's name.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (e is not AnswerCutShortException)
        {
            // The answer is made of it further out, when this has been told.
            report.Refusal = Refuse.Unexpected();
            if (!context.Response.HasStarted)
                context.Response.StatusCode = report.Refusal.Status;
            throw;
        }
        finally
        {
            report.Status = context.Response.StatusCode;
            report.Elapsed = time.GetElapsedTime(began);
            log.End(report, activity);
        }
    }

    private async ValueTask<Refusal?> RelayAsync(HttpContext context, PathForm form, OperationSpec operation, RequestReport report, long began)
    {
        if ((await authenticator.AuthenticateAsync(context)).IsRefused(out var stranger, out var caller))
        {
            // Who is kept out of an event that they named is known by it: paused, blocked, a wrong secret.
            (report.Event, report.Attendee) = (stranger.Event ?? "", stranger.Attendee);
            return stranger;
        }
        if (caller is Caller.OfEvent known)
            (report.Event, report.Attendee) = (known.Event.Code.Value, known.Attendee?.Id);

        if (Conventions.Read(context.Request, form, operation).IsRefused(out var unclear, out var conventions))
            return unclear;
        if ((await reader.ReadAsync(context.Request, operation, caller)).IsRefused(out var unreadable, out var read))
            return unreadable;
        using var call = read;
        if ((await StillAsync(context, caller, began)).IsRefused(out var noLonger, out caller))
            return noLonger;
        call.Model = conventions.Model ?? call.Model;
        report.Streaming = call.Streaming;

        if ((await gatekeeper.AdmitAsync(caller, call, Guid.Parse(context.TraceIdentifier), context.RequestAborted)).IsRefused(out var notAdmitted, out var admitted))
        {
            LimitHeaders.Write(context.Response.Headers, notAdmitted.Allowance, form.Surface);
            return notAdmitted;
        }
        // Settled also when the client has gone or something throws: what was set aside is set free, what the backend has done it will charge.
        await using var entry = report.Entry = accountant.Open(admitted, call);
        LimitHeaders.Write(context.Response.Headers, admitted.Allowance, form.Surface);
        // Who comes for the first time is an attendee from here on.
        report.Attendee ??= admitted.Reservation?.Demand.Attendee;
        report.Model = admitted.Offer.Model.Name;
        if (admitted.IsLowered)
            context.Response.Headers["x-output-limit"] = admitted.OutputLimit!.Value.ToString(CultureInfo.InvariantCulture);

        if (router.RouteFor(admitted, operation, conventions.ApiVersion).IsRefused(out var noRoute, out var route))
            return noRoute;

        using var flight = inFlight.Watch(caller, admitted);
        if ((await forwarder.SendAsync(context, route, call, admitted, flight, entry)).IsRefused(out var failed, out var sent))
            return failed;
        using var answer = sent;
        report.FirstByte = time.GetElapsedTime(began);
        var mode = conventions.StreamMode ?? (caller as Caller.OfEvent)?.Event.StreamMode ?? form.Surface.StreamMode;
        var delivery = new Delivery(mode, HidesUsage: BodyEditor.AsksForUsageItself(call, admitted, route.ApiVersion), admitted.IsOwn, ReadsOn: admitted.HidesOutput);
        return await transmitter.TransmitAsync(answer, context, entry, flight, delivery);
    }

    /// <summary>Looks again at whose body took its time: what was taken from them meanwhile must not be theirs because they began before.</summary>
    private ValueTask<Result<Caller>> StillAsync(HttpContext context, Caller caller, long began) =>
        time.GetElapsedTime(began) < MostTrusted ? ValueTask.FromResult<Result<Caller>>(caller) : authenticator.AuthenticateAsync(context);
}
