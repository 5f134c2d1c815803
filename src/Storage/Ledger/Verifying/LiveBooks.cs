using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Ledger.Counting;

namespace OpenAIProxy.Storage.Ledger.Verifying;

/// <summary>What the ledger has in memory at one moment, taken between two errands.</summary>
/// <param name="LastWritten">The last record of the journal then; whatever has a later id was begun later, or in the same breath.</param>
/// <param name="Open">What is set aside.</param>
/// <param name="Unwritten">Settlements that are in the accounts already, and that the journal does not have.</param>
/// <param name="Unsettled">By the reservation's id: charges of the last start that a late settlement may replace.</param>
/// <param name="Used">All that each tally has ever used.</param>
internal sealed record LiveBooks(
    long LastWritten,
    IReadOnlyList<OpenReservation> Open,
    IReadOnlyList<UnwrittenSettlement> Unwritten,
    IReadOnlyDictionary<long, Settlement> Unsettled,
    IReadOnlyDictionary<TallyKey, Amounts> Used,
    IReadOnlyList<LiveAccount> Accounts)
{
    public static LiveBooks Of(
        Accounts accounts, long lastWritten, IReadOnlyList<OpenReservation> open, IReadOnlyList<UnwrittenSettlement> unwritten, IReadOnlyDictionary<long, Settlement> unsettled)
    {
        var used = new Dictionary<TallyKey, Amounts>();
        var seen = new List<LiveAccount>();
        // Copied and nothing more: requests wait until this is done.
        foreach (var (key, tally) in accounts.Tallies)
        {
            used.Add(key, tally.History.All);
            foreach (var account in tally.Accounts)
                seen.Add(new LiveAccount(key, account.Unit, account.Window, account.Start, account.End, account.Balance));
        }
        return new LiveBooks(lastWritten, open, unwritten, unsettled, used, seen);
    }
}

/// <summary>An account as it stood.</summary>
/// <param name="Start">The window's first second, since 1970; 0 where it never begins anew.</param>
/// <param name="End">The first second after it; <see cref="long.MaxValue"/> where it never ends.</param>
internal readonly record struct LiveAccount(TallyKey Tally, LimitUnit Unit, LimitWindow Window, long Start, long End, Balance Balance);
