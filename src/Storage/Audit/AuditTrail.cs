using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Audit;

/// <summary>
/// Writes down what a change does, in its own transaction. Every table records here whatever it writes, and here it is seen
/// to that the actor may touch it: a caller can forget neither.
/// </summary>
internal sealed class AuditTrail(Statements statements, Actor actor, TimeProvider time)
{
    private readonly List<AuditEntry> entries = [];

    public IReadOnlyList<AuditEntry> Entries => entries;

    public Viewer Viewer => actor.Viewer;

    /// <summary>Call it while the event is there: before deleting one, after making one.</summary>
    /// <exception cref="ChangeRefusedException">The actor may not touch it.</exception>
    public async Task RecordAsync(AuditEntry entry)
    {
        await RefuseForeignAsync(entry);
        entries.Add(entry);
        var (before, after) = entry is { Before: { } old, After: { } @new } ? Difference(old, @new) : (entry.Before, entry.After);
        await statements.ExecuteAsync(
            """
            INSERT INTO audit (at, actor, action, kind, name, event, before, after)
            VALUES (@at, @actor, @action, @kind, @name, @event, @before, @after)
            """,
            new
            {
                at = time.GetUtcNow().ToUnixTimeMilliseconds(),
                actor = actor.Name,
                action = Word(entry.Action),
                kind = Word(entry.Kind),
                name = entry.Name,
                @event = entry.Event,
                before = before?.ToJsonString(Json.Readable),
                after = after?.ToJsonString(Json.Readable),
            });
    }

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static (JsonObject Before, JsonObject After) Difference(JsonObject before, JsonObject after)
    {
        var (old, @new) = (new JsonObject(), new JsonObject());
        foreach (var name in before.Concat(after).Select(p => p.Key).Distinct())
        {
            if (JsonNode.DeepEquals(before[name], after[name]))
                continue;
            old[name] = before[name]?.DeepClone();
            @new[name] = after[name]?.DeepClone();
        }
        return (old, @new);
    }

    private async Task RefuseForeignAsync(AuditEntry entry)
    {
        if (actor.Viewer.OrganiserName is not { } viewer)
            return;
        if (entry.Event is null)
            throw new ChangeRefusedException(WhyRefused.Forbidden, entry.Kind.ToString(), "only an administrator may change this.");
        if (await statements.FindAsync<string>(
            $"SELECT code FROM event WHERE code = @Event AND {Viewer.Sees("code")}", new { entry.Event, viewer }) is null)
            throw new ChangeRefusedException(WhyRefused.Missing, "Event", $"there is no event '{entry.Event}'.");
    }
}
