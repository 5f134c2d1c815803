using System.Text.Json.Nodes;
using OpenAIProxy.Storage.Audit;

namespace OpenAIProxy.Storage.Sql;

/// <summary>Things to remember by name, such as that this database is a demo. No place for secrets: the audit trail shows them.</summary>
public sealed class SettingTable
{
    private readonly Statements statements;
    private readonly AuditTrail trail;

    internal SettingTable(Statements statements, AuditTrail trail)
    {
        this.statements = statements;
        this.trail = trail;
    }

    public Task<string?> GetAsync(string name) =>
        statements.FindAsync<string>("SELECT value FROM setting WHERE name = @name", new { name });

    public async Task PutAsync(string name, string value)
    {
        var known = await GetAsync(name);
        if (known == value)
            return;
        await statements.ExecuteAsync(
            "INSERT INTO setting (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            new { name, value });
        var action = known is null ? AuditAction.Create : AuditAction.Change;
        await trail.RecordAsync(new AuditEntry(action, AuditKind.Setting, name, null, PortraitOf(known), PortraitOf(value)));
    }

    private static JsonObject? PortraitOf(string? value) => value is null ? null : new JsonObject { ["value"] = value };
}
