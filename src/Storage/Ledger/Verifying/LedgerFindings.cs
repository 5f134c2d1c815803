namespace OpenAIProxy.Storage.Ledger.Verifying;

/// <summary>What came of counting the ledger again.</summary>
/// <param name="Entries">How many there are.</param>
/// <param name="Totals">How many there are.</param>
/// <param name="Accounts">How many limits have asked for so far, and have windows that are not over.</param>
/// <param name="OpenReservations">How many requests were on their way.</param>
/// <param name="Differences">What is wrong, a sentence each; none where all is well.</param>
public sealed record LedgerFindings(long Entries, long Totals, long Accounts, long OpenReservations, IReadOnlyList<string> Differences);
