using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;
using OpenAIProxy.Storage.Sql.Limits;

namespace OpenAIProxy.Storage.Sql;

/// <summary>
/// Makes a snapshot of the rows. What cannot be understood (a hand at the database, a value of a later version) is left out
/// and logged, never silently: one odd row must not stop everybody's event.
/// </summary>
internal sealed partial class SnapshotLoader(SecretProtection secrets, ILogger<SnapshotLoader> logger)
{
    public async Task<LoadedSnapshot> LoadAsync(Statements statements)
    {
        var version = await statements.FindAsync<long>("SELECT version FROM configuration");
        var backends = Backends(await BackendTable.RowsAsync(statements));
        var deployments = Deployments(await DeploymentTable.ListAsync(statements), backends);
        var offers = Offers(await ModelTable.RowsAsync(statements), deployments);
        var skipped = new Dictionary<string, string>();
        var limits = (await LimitTable.RowsAsync(statements)).ToLookup(l => l.Event);
        var events = Events(await EventTable.RowsAsync(statements), offers, limits, skipped);
        return new LoadedSnapshot(new Snapshot(version, events, [.. backends.Values]), skipped);
    }

    private Dictionary<string, Backend> Backends(IEnumerable<BackendRow> rows)
    {
        var backends = new Dictionary<string, Backend>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
        {
            if (!Uri.TryCreate(row.Endpoint, UriKind.Absolute, out _))
            {
                LogBackendSkipped(row.Name, row.Endpoint);
                continue;
            }
            var backend = row.Backend(secrets);
            if (backend.Credential is BackendCredential.Unreadable unreadable)
                LogSecretUnreadable(unreadable.Reason);
            backends.Add(row.Name, backend);
        }
        return backends;
    }

    private static ILookup<string, Deployment> Deployments(IEnumerable<DeploymentDefinition> rows, Dictionary<string, Backend> backends) =>
        rows.Where(r => backends.ContainsKey(r.Backend))
            .ToLookup(r => r.Model, r => new Deployment(backends[r.Backend], r.Name), StringComparer.OrdinalIgnoreCase);

    private Dictionary<string, Offer> Offers(IEnumerable<ModelRow> rows, ILookup<string, Deployment> deployments)
    {
        var offers = new Dictionary<string, Offer>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
        {
            if (row.Fault is { } fault)
            {
                LogModelSkipped(row.Name, fault);
                continue;
            }
            foreach (var operation in row.UnknownOperations)
                LogOperationSkipped(row.Name, operation);
            offers.Add(row.Name, new Offer(row.Model(), [.. deployments[row.Name]]));
        }
        return offers;
    }

    private List<Event> Events(
        IEnumerable<EventRow> rows, Dictionary<string, Offer> offers, ILookup<string, LimitRow> limits, Dictionary<string, string> skipped)
    {
        var events = new List<Event>();
        foreach (var row in rows)
        {
            try
            {
                events.Add(ToEvent(row, offers, [.. limits[row.Code].Select(l => l.Limit())]));
            }
            catch (Exception e) when (e is ChangeRefusedException or FormatException or OverflowException)
            {
                LogEventSkipped(row.Code, e.Message);
                skipped[row.Code] = e.Message;
            }
        }
        return events;
    }

    private Event ToEvent(EventRow row, Dictionary<string, Offer> offers, IReadOnlyList<Limit> limits)
    {
        var definition = row.Definition();
        if (secrets.TryUnprotectEventSecret(row.Code, row.SecretEncrypted, out var key) && key.Length == EventSecret.Length)
            return EventCheck.ToEvent(definition, definition, new EventSecret(key), row.SharedSecretHash, offers.GetValueOrDefault, limits);
        LogSecretUnreadable(EventTable.SecretLost(row.Code));
        // With a secret that matches nothing, no shared secret is recognised. Hashed user ids would all look new, and give everybody
        // a second allowance: such an event is paused. All else does not need the secret and goes on.
        var state = definition.HashesUserIds && definition.State == EventState.Open ? EventState.Paused : definition.State;
        return EventCheck.ToEvent(definition with { State = state }, definition, EventSecret.Generate(), row.SharedSecretHash, offers.GetValueOrDefault, limits);
    }

    [LoggerMessage(LogEvents.BackendSkipped, LogLevel.Error, "Backend {Backend} is left out: its endpoint {Endpoint} is not a URL")]
    private partial void LogBackendSkipped(string backend, string endpoint);

    [LoggerMessage(LogEvents.ModelSkipped, LogLevel.Error, "Model {Model} is left out: {Reason}")]
    private partial void LogModelSkipped(string model, string reason);

    [LoggerMessage(LogEvents.OperationSkipped, LogLevel.Error, "Model {Model} has an operation {Operation} that this version does not know")]
    private partial void LogOperationSkipped(string model, long operation);

    [LoggerMessage(LogEvents.EventSkipped, LogLevel.Error, "Event {Event} is left out: {Reason}")]
    private partial void LogEventSkipped(string Event, string reason);

    [LoggerMessage(LogEvents.SecretUnreadable, LogLevel.Error, "A secret cannot be read. {Reason}")]
    private partial void LogSecretUnreadable(string reason);
}
