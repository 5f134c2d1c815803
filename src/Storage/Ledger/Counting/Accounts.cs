using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Storage.Ledger.Counting;

/// <summary>All accounts, in memory. For one thread: whoever calls decides alone, so nothing changes between a look and a reservation.</summary>
/// <remarks>
/// Each request is counted in four tallies: its attendee and everybody, on its model and on all. That is every account a limit
/// can ask for. Memory is bounded by attendees × models, with <see cref="History"/> of two days and some hours each: about 1.5 kB, so that
/// 10,000 attendees with three models take some 60 MB.
/// </remarks>
internal sealed class Accounts
{
    // So long after a window's end a request that was admitted in it may still ask for its account; after that it would be made anew.
    private const long KeptAfterEnd = 60;

    private readonly Dictionary<TallyKey, Tally> tallies = [];
    private readonly Dictionary<TallyKey, Tallies> uses = [];
    private readonly PriorityQueue<Account, long> ending = new();
    private Account[] accounts = new Account[8];
    private Balance[] balances = new Balance[8];

    public IEnumerable<KeyValuePair<TallyKey, Tally>> Tallies => tallies;

    public Tallies TalliesOf(string @event, long attendee, string model)
    {
        var use = new TallyKey(@event, attendee, model);
        if (!uses.TryGetValue(use, out var known))
            uses.Add(use, known = new Tallies(Array.ConvertAll(TallyKey.Of(@event, attendee, model), TallyOf)));
        return known;
    }

    /// <summary>Sets aside in all accounts or in none.</summary>
    /// <param name="id">Of the reservation, if there will be one.</param>
    /// <returns>Either of the two, and what stands in the account of each hold then.</returns>
    public (OpenReservation? Reservation, Shortfall? Shortfall, ImmutableArray<Balance> Balances) Reserve(Demand demand, long id)
    {
        var use = TalliesOf(demand.Event, demand.Attendee, demand.Model);
        var holds = demand.Holds.AsSpan();
        Look(holds, use);
        var decision = Decision.Largest(holds, balances.AsSpan(0, holds.Length), demand.Wanted, demand.Least);
        if (decision.Shortfall is { } shortfall)
            return (null, shortfall, BalancesOf(holds.Length));
        var open = new OpenReservation(new Reservation(id, demand, decision.Output, demand.CostAtMost(decision.Output)), use);
        for (var i = 0; i < holds.Length; i++)
            open.Join(accounts[i], holds[i].At(decision.Output));
        open.Enter();
        return (open, null, BalancesOf(holds.Length));
    }

    /// <summary>What stands in the account of each hold. A look does not make a tally of somebody who has not used anything.</summary>
    public IReadOnlyList<Balance> Show(IReadOnlyList<Hold> holds) =>
        [.. holds.Select(h => tallies.TryGetValue(new TallyKey(h.Account.Event, h.Account.Attendee, h.Account.Model), out var tally) ? AccountFor(h, tally).Balance : default)];

    /// <summary>Takes the place of a charge that was made because nobody knew better.</summary>
    public void Replace(Demand demand, Amounts charged, Amounts used)
    {
        foreach (var tally in TalliesOf(demand.Event, demand.Attendee, demand.Model))
            tally.Charge(demand, used - charged);
    }

    /// <summary>Forgets accounts of windows that are over and in which nothing is set aside.</summary>
    public void ForgetEnded(DateTimeOffset now)
    {
        var second = now.ToUnixTimeSeconds();
        while (ending.TryPeek(out var account, out var due) && due <= second)
        {
            ending.Dequeue();
            if (account.Reserved == 0)
                account.Tally.Forget(account);
            else
                ending.Enqueue(account, second + KeptAfterEnd);
        }
    }

    private void Look(ReadOnlySpan<Hold> holds, Tallies use)
    {
        if (holds.Length > accounts.Length)
            (accounts, balances) = (new Account[holds.Length], new Balance[holds.Length]);
        for (var i = 0; i < holds.Length; i++)
        {
            ref readonly var hold = ref holds[i];
            accounts[i] = AccountFor(hold, use.Of(hold.Account));
            balances[i] = accounts[i].Balance;
        }
    }

    private ImmutableArray<Balance> BalancesOf(int count)
    {
        var now = count == 0 ? [] : new Balance[count];
        for (var i = 0; i < count; i++)
            now[i] = accounts[i].Balance;
        return ImmutableCollectionsMarshal.AsImmutableArray(now);
    }

    private Tally TallyOf(TallyKey key)
    {
        if (!tallies.TryGetValue(key, out var tally))
            tallies.Add(key, tally = new Tally());
        return tally;
    }

    private Account AccountFor(in Hold hold, Tally tally)
    {
        // Windows are of whole seconds.
        var end = hold.Frees is { } frees ? frees.ToUnixTimeSeconds() : long.MaxValue;
        if (tally.Find(hold.Account, end) is { } known)
            return known;
        var account = tally.Make(hold.Account, end);
        if (account.End != long.MaxValue)
            ending.Enqueue(account, account.End + KeptAfterEnd);
        return account;
    }
}
