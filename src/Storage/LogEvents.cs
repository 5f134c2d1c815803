namespace OpenAIProxy.Storage;

/// <summary>The event ids of what storage logs. Never reuse one.</summary>
internal static class LogEvents
{
    public const int Opened = 3000;
    public const int KeyRingUnprotected = 3001;
    public const int EventSkipped = 3002;
    public const int ModelSkipped = 3003;
    public const int BackendSkipped = 3004;
    public const int SecretUnreadable = 3005;
    public const int OperationSkipped = 3006;
    public const int AttendeesNotWritten = 3007;
    public const int Migrated = 3008;
    public const int NotReady = 3009;
    public const int LedgerBehind = 3010;
    public const int LedgerCaughtUp = 3011;
    public const int JournalNotWritten = 3012;
    public const int JournalWrittenAgain = 3013;
    public const int JournalDamaged = 3014;
    public const int ReservationsUnsettled = 3015;
    public const int SettlementUnknown = 3016;
    public const int JournalMissing = 3017;
    public const int LedgerMistake = 3018;
    public const int RefusalsBehind = 3030;
    public const int RefusalsCaughtUp = 3031;
    public const int RefusalsDropped = 3032;
    public const int Purged = 3033;
    public const int NotPurged = 3034;
}
