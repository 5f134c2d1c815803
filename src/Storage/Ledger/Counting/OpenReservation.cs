using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Ledger.Journals;

namespace OpenAIProxy.Storage.Ledger.Counting;

/// <summary>A reservation that has not been settled: what of it stands in which account.</summary>
internal sealed class OpenReservation(Reservation reservation, Tallies tallies)
{
    // As many as it has holds, nearly always; an account that is made while it is open is one more.
    private (Account Account, long Amount)[] parts = new (Account, long)[reservation.Demand.Holds.Length];
    private int partCount;

    public Reservation Reservation => reservation;

    /// <summary>The file that has its record; null until it is written.</summary>
    public Segment? Segment { get; set; }

    /// <summary>Where it lies in each of its tallies.</summary>
    public Tallies.Places Places;

    private long Second { get; } = reservation.Demand.At.ToUnixTimeSeconds();

    /// <summary>Sets aside what was decided.</summary>
    public void Join(Account account, long amount)
    {
        if (partCount == parts.Length)
            Array.Resize(ref parts, partCount + 4);
        parts[partCount++] = (account, amount);
        account.Reserved += amount;
    }

    /// <summary>Sets aside in an account that no limit asked for when it was admitted: one may, before it is settled.</summary>
    public void JoinIfInside(Account account)
    {
        if (account.Contains(Second, reservation.Demand.Hour) && !IsIn(account))
            Join(account, AmountOf(account.Unit));
    }

    private bool IsIn(Account account)
    {
        foreach (var part in parts.AsSpan(0, partCount))
            if (ReferenceEquals(part.Account, account))
                return true;
        return false;
    }

    public void Enter()
    {
        for (var place = 0; place < Tallies.Count; place++)
            tallies[place].Add(this, place);
    }

    /// <summary>Releases exactly what was set aside.</summary>
    public void Leave()
    {
        foreach (var (account, amount) in parts.AsSpan(0, partCount))
            account.Reserved -= amount;
        for (var place = 0; place < Tallies.Count; place++)
            tallies[place].Remove(this, place);
    }

    /// <summary>Counts what it has used, where it was set aside.</summary>
    public void Charge(Amounts amounts)
    {
        foreach (var tally in tallies)
            tally.Charge(reservation.Demand, amounts);
    }

    /// <summary>What it sets aside in an account that counts <paramref name="unit"/>.</summary>
    public long AmountOf(LimitUnit unit) => unit switch
    {
        LimitUnit.Requests or LimitUnit.InFlight => 1,
        LimitUnit.InputTokens => reservation.Demand.Input,
        LimitUnit.OutputTokens => reservation.OutputOfAllChoices(),
        LimitUnit.TotalTokens => Counts.Bounded((Int128)reservation.Demand.Input + reservation.OutputOfAllChoices()),
        LimitUnit.Money => reservation.Cost,
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };
}
