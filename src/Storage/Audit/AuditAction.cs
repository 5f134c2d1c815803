namespace OpenAIProxy.Storage.Audit;

/// <summary>What was done. The names are stored: never change one.</summary>
public enum AuditAction
{
    Create,
    Change,
    Delete,
    Open,
    Pause,
    Resume,
    Close,
    Archive,
    Extend,
    Copy,
    Block,
    Unblock,
    Remove,
    Issue,
    Rotate,
    Revoke,
    Purge,
}
