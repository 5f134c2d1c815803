namespace OpenAIProxy.Domain.Ledger;

/// <summary>The one authority on what is used. Thread-safe.</summary>
public interface ILedger
{
    /// <summary>
    /// Sets aside in all accounts or in none: with the largest output limit up to <see cref="Demand.Wanted"/> that every account
    /// allows, if that is at least <see cref="Demand.Least"/>. It is durable when this returns.
    /// </summary>
    /// <returns>What was set aside, or which account has not enough left.</returns>
    /// <exception cref="StorageUnavailableException">It could not be written down; nothing is set aside.</exception>
    ValueTask<ReserveResult> ReserveAsync(Demand demand, CancellationToken cancellation);

    /// <summary>Puts what was used in the place of what was set aside. It is durable when this returns. The first call counts, others do nothing.</summary>
    /// <exception cref="StorageUnavailableException">It could not be written down yet; it is in the accounts, and is written as soon as that is possible.</exception>
    ValueTask SettleAsync(Reservation reservation, Settlement settlement);

    /// <summary>What stands in the account of each hold, in the same order and of one moment. Nothing is set aside, and caps are not looked at.</summary>
    /// <exception cref="StorageUnavailableException">It cannot be told now.</exception>
    ValueTask<IReadOnlyList<Balance>> BalancesAsync(IReadOnlyList<Hold> holds);
}
