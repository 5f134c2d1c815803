using System.Text.Json.Nodes;
using OpenAIProxy.Storage.Audit;

namespace OpenAIProxy.Storage.Configuration;

/// <summary>What applying a document does to one thing.</summary>
/// <param name="Action"><see cref="AuditAction.Create"/>, <see cref="AuditAction.Change"/> or <see cref="AuditAction.Delete"/>.</param>
/// <param name="Event">Whose it is, of what an event has, such as a limit, and of the event itself; null of the catalogue.</param>
/// <param name="Fields">By the field's name: those that change. Secrets are masked.</param>
public sealed record ConfigurationDifference(
    AuditAction Action, AuditKind Kind, string Name, string? Event, IReadOnlyDictionary<string, ConfigurationField> Fields);

/// <param name="Before">JSON; null is null or nothing.</param>
/// <param name="After">JSON; null is null or nothing.</param>
public sealed record ConfigurationField(JsonNode? Before, JsonNode? After);
