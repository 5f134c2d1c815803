namespace OpenAIProxy.Storage.Purging;

/// <summary>Marks of purged entries whose reservations the journal does not have any more.</summary>
/// <param name="journalFrom">From which sequence on the journal has records.</param>
internal sealed class PurgedEntries(long journalFrom) : OldRows
{
    protected override (string Table, string Key) Rows => ("purged_entry", "id");

    protected override string Old => "FROM purged_entry WHERE id < @journalFrom";

    protected override object Parameters => new { journalFrom };
}
