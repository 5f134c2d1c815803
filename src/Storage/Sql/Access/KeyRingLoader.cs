using OpenAIProxy.Domain;

namespace OpenAIProxy.Storage.Sql.Access;

/// <summary>Fills the key ring when storage starts; from then on each change tells it what it must know.</summary>
internal sealed class KeyRingLoader(KeyRing keyRing)
{
    public async Task LoadAsync(Statements statements)
    {
        foreach (var attendee in await AttendeeTable.ListAllAsync(statements))
            keyRing.Put(attendee);
        // Those that have expired as well: a clock that is ahead now may be set right later.
        foreach (var (hash, grant) in await KeyTable.ListUnrevokedAsync(statements))
            keyRing.Put(hash, grant);
    }
}
