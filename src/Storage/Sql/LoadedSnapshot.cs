using OpenAIProxy.Domain;

namespace OpenAIProxy.Storage.Sql;

/// <param name="SkippedEvents">Why an event is not in the snapshot, by its code.</param>
internal sealed record LoadedSnapshot(Snapshot Snapshot, IReadOnlyDictionary<string, string> SkippedEvents);
