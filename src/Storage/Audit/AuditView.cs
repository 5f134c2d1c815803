namespace OpenAIProxy.Storage.Audit;

/// <summary>An entry of the audit trail.</summary>
/// <param name="Event">The code of the event that it happened in, or null.</param>
/// <param name="Before">A JSON object: of a change the fields that changed, of a deletion all; null where there was nothing. Secrets are masked.</param>
/// <param name="After">The same of afterwards.</param>
public sealed record AuditView(
    long Id, DateTimeOffset At, string Actor, AuditAction Action, AuditKind Kind, string Name, string? Event, string? Before, string? After);
