using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Storage.Ledger.Counting;

/// <summary>What a person, a model or everybody has used in an event, and the accounts of it that limits have asked for.</summary>
/// <remarks>
/// An account is made when the first request asks for it, of what the history and the open reservations say: so a limit that is
/// added in the middle of an event starts with what has been used, and one that is changed or taken away and brought back
/// loses nothing, because what is used is counted whether there is a limit or not.
/// </remarks>
internal sealed class Tally
{
    private readonly List<Account> accounts = [];
    private readonly List<OpenReservation> open = [];

    public History History { get; } = new();

    public IReadOnlyList<Account> Accounts => accounts;

    // Every request comes by here several times: no closure.
    public Account? Find(in AccountKey key, long end)
    {
        foreach (var account in accounts)
            if (account.IsOf(key, end))
                return account;
        return null;
    }

    public Account Make(in AccountKey key, long end)
    {
        var account = new Account(this, key.Unit, key.Window, key.Start, end) { Used = History.In(key.Window, key.Start, end)[key.Unit] };
        foreach (var reservation in open)
            reservation.JoinIfInside(account);
        accounts.Add(account);
        return account;
    }

    public void Forget(Account account) => accounts.Remove(account);

    /// <summary>Sets aside in every account that it belongs to.</summary>
    /// <param name="place">Which of the reservation's tallies this is.</param>
    public void Add(OpenReservation reservation, int place)
    {
        foreach (var account in accounts)
            reservation.JoinIfInside(account);
        reservation.Places[place] = open.Count;
        open.Add(reservation);
    }

    /// <inheritdoc cref="Add"/>
    public void Remove(OpenReservation reservation, int place)
    {
        // The last one takes its place: in a list of thousands nothing is searched for.
        var last = open[^1];
        open[reservation.Places[place]] = last;
        last.Places[place] = reservation.Places[place];
        open.RemoveAt(open.Count - 1);
    }

    /// <summary>Counts what was used, in the windows of its admission.</summary>
    public void Charge(Demand demand, Amounts amounts)
    {
        var second = demand.At.ToUnixTimeSeconds();
        History.Add(demand.Hour, second, amounts);
        foreach (var account in accounts)
            if (account.Contains(second, demand.Hour))
                account.Used += amounts[account.Unit];
    }
}
