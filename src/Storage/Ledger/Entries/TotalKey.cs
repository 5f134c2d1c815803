namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>Which row of totals an entry adds to.</summary>
/// <param name="Hour">Its first second, since 1970.</param>
internal readonly record struct TotalKey(string Event, long Attendee, string Model, long Operation, long Hour)
{
    public static TotalKey Of(in Reserved reserved) => new(reserved.Event, reserved.Attendee, reserved.Model, (long)reserved.Operation, reserved.Hour);

    public static TotalKey Of(EntryRow entry) => new(entry.Event, entry.Attendee, entry.Model, entry.Operation, entry.Hour);
}
