using System.Text.Json.Nodes;

namespace OpenAIProxy.Storage.Audit;

/// <summary>What a change did to one thing, in full.</summary>
internal sealed record AuditEntry(AuditAction Action, AuditKind Kind, string Name, string? Event, JsonObject? Before, JsonObject? After);
