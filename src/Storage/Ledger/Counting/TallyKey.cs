namespace OpenAIProxy.Storage.Ledger.Counting;

/// <summary>Whose use is counted together.</summary>
/// <param name="Attendee">By number; 0 is all of them.</param>
/// <param name="Model">By name; empty is all of them.</param>
internal readonly record struct TallyKey(string Event, long Attendee, string Model)
{
    /// <summary>Where a use counts, in the order attendee on model, attendee, model, everybody.</summary>
    public static TallyKey[] Of(string @event, long attendee, string model) =>
        [new(@event, attendee, model), new(@event, attendee, ""), new(@event, 0, model), new(@event, 0, "")];
}
