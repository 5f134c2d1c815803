using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sql.Access;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage;

/// <summary>
/// Writes down who comes to an event. A room comes all at once, so whoever arrives while a transaction is being written
/// shares the next one; and callers with one name share one entry.
/// </summary>
internal sealed partial class Attendance(SqliteDatabase database, KeyRing keyRing, TimeProvider time, ILogger<Attendance> logger) : IAttendance
{
    // Bounds how long a configuration change may have to wait for its turn.
    private const int MostPerTransaction = 500;

    private readonly ConcurrentDictionary<(EventCode Event, string Name), Arrival> arrivals = new();
    private readonly Lock queueLock = new();
    private readonly Queue<Arrival> queue = new();
    private bool isWriting;

    public ValueTask<Attendee?> EnterAsync(Event @event, string attendeeName, CancellationToken cancellation)
    {
        if (keyRing.FindAttendee(@event.Code, attendeeName) is { } attendee)
            return ValueTask.FromResult<Attendee?>(attendee);
        var mine = new Arrival(@event.Code, attendeeName);
        var arrival = arrivals.GetOrAdd((mine.Event, mine.Name), mine);
        if (ReferenceEquals(arrival, mine))
            Enqueue(mine);
        // A caller who gives up only stops waiting: others may wait for the same entry.
        return new ValueTask<Attendee?>(arrival.Task.WaitAsync(cancellation));
    }

    private void Enqueue(Arrival arrival)
    {
        lock (queueLock)
        {
            queue.Enqueue(arrival);
            if (isWriting)
                return;
            isWriting = true;
        }
        _ = Task.Run(WriteAllAsync);
    }

    private async Task WriteAllAsync()
    {
        while (NextBatch() is { Count: > 0 } batch)
            await WriteAsync(batch);
    }

    private List<Arrival> NextBatch()
    {
        lock (queueLock)
        {
            var batch = new List<Arrival>(Math.Min(queue.Count, MostPerTransaction));
            while (batch.Count < MostPerTransaction && queue.TryDequeue(out var arrival))
                batch.Add(arrival);
            isWriting = batch.Count > 0;
            return batch;
        }
    }

    private async Task WriteAsync(List<Arrival> batch)
    {
        try
        {
            // Not cancellable: it is written for everybody in the batch.
            var attendees = await database.WriteAsync(s => EnterAllAsync(s, batch), Learn, CancellationToken.None);
            foreach (var (arrival, attendee) in batch.Zip(attendees))
                Leave(arrival).SetResult(attendee);
        }
#pragma warning disable CA1031 // Whatever went wrong, those who wait must hear of it, and this loop must go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotWritten(e, batch.Count);
            var unavailable = e as StorageUnavailableException
                ?? new StorageUnavailableException("New attendees could not be written down.", e);
            foreach (var arrival in batch)
                Leave(arrival).SetException(unavailable);
        }
    }

    // First out of the map, then answered: whoever asks after a failure tries anew.
    private Arrival Leave(Arrival arrival)
    {
        arrivals.TryRemove(new((arrival.Event, arrival.Name), arrival));
        return arrival;
    }

    private async Task<IReadOnlyList<Attendee?>> EnterAllAsync(Statements statements, List<Arrival> batch)
    {
        var now = time.GetUtcNow();
        var attendees = new List<Attendee?>(batch.Count);
        // Counted once for all of them, not for each: nobody else writes until this transaction ends.
        var places = new Dictionary<EventCode, long>();
        foreach (var arrival in batch)
        {
            if (!places.TryGetValue(arrival.Event, out var free))
                free = await AttendeeTable.FreePlacesAsync(statements, arrival.Event);
            var (attendee, isNew) = await AttendeeTable.EnterByCodeAsync(statements, arrival.Event, arrival.Name, free > 0, now);
            places[arrival.Event] = isNew ? free - 1 : free;
            attendees.Add(attendee);
        }
        return attendees;
    }

    private void Learn(IReadOnlyList<Attendee?> attendees)
    {
        foreach (var attendee in attendees)
            if (attendee is not null)
                keyRing.Put(attendee);
    }

    [LoggerMessage(LogEvents.AttendeesNotWritten, LogLevel.Error, "{Count} new attendees could not be written down")]
    private partial void LogNotWritten(Exception exception, int count);

    private sealed class Arrival(EventCode @event, string name) : TaskCompletionSource<Attendee?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public EventCode Event => @event;

        public string Name => name;
    }
}
