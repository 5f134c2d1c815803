using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>A record as it was read: a reservation, or the settlement of one.</summary>
/// <param name="Sequence">Grows by 1 from record to record, over all files.</param>
/// <param name="ReservationId">Which reservation it is about; of a reservation its own sequence.</param>
/// <param name="Reservation">Only of <see cref="RecordKind.Reserved"/>; without its holds, which count for the decision only.</param>
/// <param name="Settlement">Only of the others.</param>
internal sealed record JournalRecord(
    RecordKind Kind, long Sequence, long ReservationId, Reservation? Reservation = null, Settlement? Settlement = null);
