using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Storage.Purging;

/// <summary>Counts of refusals, or the last ones of attendees, that are as old as their event keeps entries, or as old as they get where it keeps those for ever.</summary>
internal sealed class OldRefusals : OldRows
{
    private const string KeptSeconds = "MAX(COALESCE(e.retention_days, @days) * 86400, @least)";

    private readonly DateTimeOffset now;

    private OldRefusals(string table, string key, string old, DateTimeOffset now) => (Rows, Old, this.now) = ((table, key), old, now);

    protected override (string Table, string Key) Rows { get; }

    protected override string Old { get; }

    protected override object Parameters => new { now = now.ToUnixTimeSeconds(), days = Retention.DaysOfRefusals, least = (long)Retention.Least.TotalSeconds };

    public static OldRefusals Counts(DateTimeOffset now) => new(
        "refusal", "event, minute, reason", $"FROM refusal LEFT JOIN event e ON e.code = event WHERE minute < @now - {KeptSeconds}", now);

    public static OldRefusals Last(DateTimeOffset now) => new(
        "attendee_refusal",
        "attendee",
        $"FROM attendee_refusal JOIN attendee a ON a.id = attendee JOIN event e ON e.code = a.event WHERE at < (@now - {KeptSeconds}) * 1000",
        now);
}
