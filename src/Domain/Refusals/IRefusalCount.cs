namespace OpenAIProxy.Domain.Refusals;

/// <summary>Counts refusals, and remembers the last one of each attendee. Thread-safe.</summary>
public interface IRefusalCount
{
    /// <summary>Takes note of a refusal. It never waits, writes nothing itself, and needs a bounded amount of memory whatever comes.</summary>
    void Add(in RefusalNote note);
}
