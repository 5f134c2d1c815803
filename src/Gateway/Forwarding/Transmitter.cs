using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// Passes a backend's answer on to the client as it comes. Nothing is held back but the end, which waits until the entry
/// is settled: what a client saw end has been written down.
/// </summary>
internal sealed partial class Transmitter(Unanswered unanswered, ILogger<Transmitter> logger)
{
    private const int ReadSize = 4 * 1024;

    /// <returns>A refusal where the answer broke: it takes the answer's place, or that of its end where it has begun. Null where it is complete.</returns>
    /// <exception cref="AnswerCutShortException">The backend itself ended its stream with an error, which has been passed on.</exception>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask<Refusal?> TransmitAsync(BackendAnswer answer, HttpContext context, RequestEntry entry, Flight flight, Delivery delivery)
    {
        try
        {
            // Until it is complete, or something below knows better.
            entry.Outcome = Outcome.BackendBroke;
            if (answer.Status >= StatusCodes.Status400BadRequest)
                await ErrorAnswer.PassOnAsync(answer, context.Response, entry, delivery);
            else if (IsStream(answer))
                await StreamAsync(answer, context, entry, delivery);
            else
                await PassOnAsync(answer, context, entry, delivery);
            return null;
        }
        catch (StorageUnavailableException e)
        {
            // What a client saw end has been written down; this has not, so it must not end. Some of a stream may be written, and on its way or not.
            LogUnwritten(e.Message);
            return Refuse.AnswerUnwritten() with { EndsStream = IsStream(answer) };
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is not AnswerCutShortException)
        {
            entry.Outcome = Outcome.ClientGone;
            throw new OperationCanceledException("The client has gone.", e, context.RequestAborted);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or HttpRequestException or InvalidDataException)
        {
            if (flight.Reason is not null)
                entry.Outcome = Outcome.CutOff;
            if (!context.Response.HasStarted)
                return flight.Reason ?? RefusalFor(e, answer, delivery);
            if (flight.Reason is null)
                LogBroken(e.Message);
            return (flight.Reason ?? Refuse.BackendBrokeOff()) with { EndsStream = IsStream(answer) };
        }
    }

    private static bool IsStream(BackendAnswer answer) => answer.IsEventStream && answer.Status < StatusCodes.Status400BadRequest;

    // An answer of which nothing has come is none: what broke it is told as if its headers had not come either.
    private Refusal RefusalFor(Exception e, BackendAnswer answer, Delivery delivery)
    {
        var isTooSlow = e is OperationCanceledException;
        if (delivery.IsOwn)
            return isTooSlow ? Refuse.BackendTooSlow() : Refuse.OwnResourceUnreachable();
        return isTooSlow ? unanswered.TooSlow(answer.Backend) : unanswered.Unreachable(answer.Backend, e);
    }

    private static async Task PassOnAsync(BackendAnswer answer, HttpContext context, RequestEntry entry, Delivery delivery)
    {
        var writer = context.Response.BodyWriter;
        var isStarted = false;
        for (long sent = 0; ;)
        {
            var space = writer.GetMemory(ReadSize);
            var count = await answer.ReadAsync(space);
            if (!isStarted)
                AnswerHead.Write(answer, context.Response, delivery);
            isStarted = true;
            if (count == 0)
                break;
            sent += count;
            entry.Observe(space.Span[..count]);
            // With a length given, the client takes the last byte for the end.
            var isLast = sent == answer.ContentLength;
            if (isLast)
                await SettleAsync(entry, context);
            // Only now: where that failed before anything was sent, a refusal takes the answer's place.
            writer.Advance(count);
            // Also when the client has gone: the end of the answer says what it cost.
            await answer.FlushAsync(writer, CancellationToken.None);
            if (isLast)
                break;
        }
        await SettleAsync(entry, context);
        context.RequestAborted.ThrowIfCancellationRequested();
    }

    private static async Task StreamAsync(BackendAnswer answer, HttpContext context, RequestEntry entry, Delivery delivery)
    {
        AnswerHead.Write(answer, context.Response, delivery);
        using var events = new EventBuffer();
        var writer = context.Response.BodyWriter;
        var gone = delivery.ReadsOn ? CancellationToken.None : context.RequestAborted;
        for (var isDone = false; !isDone;)
        {
            var reading = answer.ReadAsync(events.Space());
            // The client hears that its stream has begun even when the first event takes its time. Nothing may be thrown here, as it would be
            // for a client who has gone: the backend still writes into the buffer, which is somebody else's as soon as it is given back.
            if (!reading.IsCompleted && !context.Response.HasStarted)
                await writer.FlushAsync(CancellationToken.None);
            var count = await reading;
            events.Filled(count);
            // A stream may end right behind the last event's data, without the blank line.
            while (events.TryTake(out var taken) || (count == 0 && events.TryTakeRest(out taken)))
            {
                var chunk = taken.IsDone ? default : Chunk.Read(taken.Data.Span);
                entry.Observe(chunk);
                isDone = taken.IsDone;
                if (isDone)
                {
                    await SettleAsync(entry, context);
                    EventWriter.Write(writer, taken.Raw.Span);
                    break;
                }
                EventWriter.Write(writer, taken, chunk, delivery);
                if (chunk.IsError)
                {
                    await writer.FlushAsync(gone);
                    throw new AnswerCutShortException();
                }
            }
            if (count == 0)
                await SettleAsync(entry, context);
            await answer.FlushAsync(writer, gone);
            isDone |= count == 0;
        }
        if (delivery.ReadsOn)
            context.RequestAborted.ThrowIfCancellationRequested();
    }

    private static ValueTask SettleAsync(RequestEntry entry, HttpContext context)
    {
        entry.Outcome = context.RequestAborted.IsCancellationRequested ? Outcome.ClientGone : Outcome.Complete;
        return entry.SettleAsync();
    }

    [LoggerMessage(LogEvents.AnswerUnwritten, LogLevel.Error, "An answer was broken off because what it used could not be written down: {Reason}")]
    private partial void LogUnwritten(string reason);

    [LoggerMessage(LogEvents.AnswerBroken, LogLevel.Warning, "A backend broke off in the middle of its answer: {Reason}")]
    private partial void LogBroken(string reason);
}
