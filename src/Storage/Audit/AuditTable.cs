using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Audit;

/// <summary>Who changed what. It can be read only: entries are made by what is done.</summary>
public sealed class AuditTable
{
    private static readonly Listing Entries = new(AuditRow.Select, "audit", "id", "-at", new Dictionary<string, string> { ["at"] = "at" });

    // A code may have been somebody else's before: an event begins where it was last made. Where that is, is found of all events at once:
    // found anew for each entry, a few thousand keys would make a minute of it.
    private const string OfTheirEvent = """
        (@viewer IS NULL OR id >= COALESCE(
            (SELECT made.id FROM (SELECT name, MAX(id) AS id FROM audit WHERE kind = 'event' AND action IN ('create', 'copy') GROUP BY name) AS made
             WHERE made.name = audit.event), 0))
        """;

    private readonly Statements statements;

    internal AuditTable(Statements statements) => this.statements = statements;

    /// <summary>An organiser sees what happened in their events, since these were made.</summary>
    /// <exception cref="QueryRefusedException">There is no such page or order.</exception>
    public async Task<Page<AuditView>> PageAsync(AuditQuery query, Viewer viewer)
    {
        var page = await Entries.PageAsync<AuditRow>(
            statements,
            query,
            $@"{Viewer.Sees("event")} AND {OfTheirEvent} AND (@Actor IS NULL OR actor = @Actor) AND (@kind IS NULL OR kind = @kind)
               AND (@Name IS NULL OR name = @Name) AND (@code IS NULL OR event = @code)
               AND (@since IS NULL OR at >= @since) AND (@until IS NULL OR at < @until)
               AND (@search IS NULL OR actor LIKE @search ESCAPE '\' OR name LIKE @search ESCAPE '\' OR event LIKE @search ESCAPE '\')",
            new
            {
                query.Actor,
                kind = query.Kind is { } kind ? AuditTrail.Word(kind) : null,
                query.Name,
                code = query.Event?.ToLowerInvariant(),
                since = query.Since?.ToUnixTimeMilliseconds(),
                until = query.Until?.ToUnixTimeMilliseconds(),
                viewer = viewer.OrganiserName,
            });
        return new Page<AuditView>([.. page.Items.Select(r => r.View())], page.Total, page.Number, page.Size);
    }

    private sealed class AuditRow
    {
        public const string Select =
            "SELECT id AS Id, at AS At, actor AS Actor, action AS Action, kind AS Kind, name AS Name, event AS Event, before AS Before, after AS After";

        public long Id { get; init; }

        public long At { get; init; }

        public string Actor { get; init; } = "";

        public string Action { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Name { get; init; } = "";

        public string? Event { get; init; }

        public string? Before { get; init; }

        public string? After { get; init; }

        public AuditView View() => new(
            Id,
            Moments.Of(At),
            Actor,
            Enum.Parse<AuditAction>(Action, ignoreCase: true),
            Enum.Parse<AuditKind>(Kind, ignoreCase: true),
            Name,
            Event,
            Before,
            After);
    }
}
