using Dapper;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>What each request used. It can be read only: entries are made by the ledger.</summary>
public sealed class EntryTable
{
    private const string Select = $"SELECT {EntryRow.Columns}, (SELECT name FROM attendee a WHERE a.id = entry.attendee) AS AttendeeName";

    private static readonly Listing Entries = new(Select, "entry", "id", "-at", new Dictionary<string, string>
    {
        ["at"] = "at",
        ["cost"] = "cost",
        ["input"] = "input",
        ["output"] = "output",
    });

    private static readonly string Wanted =
        $@"{Viewer.Sees("event")} AND (@Attendee IS NULL OR attendee = @Attendee)
           AND (@Model IS NULL OR model = @Model COLLATE NOCASE) AND (@operation IS NULL OR operation = @operation)
           AND (@from IS NULL OR at >= @from) AND (@until IS NULL OR at < @until)
           AND (@outcome IS NULL OR outcome = @outcome) AND (@exactness IS NULL OR exactness = @exactness)
           AND (@search IS NULL OR request LIKE @search ESCAPE '\' OR model LIKE @search ESCAPE '\')";

    private readonly Statements statements;

    internal EntryTable(Statements statements) => this.statements = statements;

    /// <summary>None of an event that the viewer does not see.</summary>
    /// <exception cref="QueryRefusedException">There is no such page or order.</exception>
    public async Task<Page<EntryView>> PageAsync(EntryQuery query, Viewer viewer)
    {
        var page = await Entries.PageAsync<NamedEntryRow>(statements, query, WantedOf(query), Parameters(query, viewer));
        return new Page<EntryView>([.. page.Items.Select(r => r.View())], page.Total, page.Number, page.Size);
    }

    /// <summary>Some of the entries, oldest first, to be read on after the last of them; none at the end.</summary>
    /// <param name="query">Its page and order do not count.</param>
    /// <param name="last">The entry after which to begin; null is the beginning.</param>
    public async Task<IReadOnlyList<EntryView>> ListAsync(EntryQuery query, EntryView? last, int most, Viewer viewer) =>
        [.. (await statements.QueryAsync<NamedEntryRow>(NextPart(query), ParametersOf(query, last, most, viewer))).Select(r => r.View())];

    /// <summary>Goes on along an index, which has the rows in order: all parts together read the entries once, and nothing is sorted.</summary>
    internal static string NextPart(EntryQuery query) => query.Event is null
        ? $"{Select} FROM entry WHERE id > @id AND {WantedOf(query)} ORDER BY id LIMIT @most"
        : $"{Select} FROM entry WHERE (at, id) > (@at, @id) AND {WantedOf(query)} ORDER BY at, id LIMIT @most";

    internal static DynamicParameters ParametersOf(EntryQuery query, EntryView? last, int most, Viewer viewer)
    {
        var parameters = Parameters(query, viewer);
        parameters.AddDynamicParams(new { id = last?.Id ?? 0, at = last?.At.ToUnixTimeMilliseconds() ?? long.MinValue, most, search = Listing.Pattern(query.Search) });
        return parameters;
    }

    // Said only where there is an event to say: a condition that may be none takes no index.
    private static string WantedOf(EntryQuery query) => query.Event is null ? Wanted : $"event = @code AND {Wanted}";

    private static DynamicParameters Parameters(EntryQuery query, Viewer viewer) => new(new
    {
        code = query.Event?.Value,
        viewer = viewer.OrganiserName,
        query.Attendee,
        query.Model,
        operation = (int?)query.Operation,
        from = query.From?.ToUnixTimeMilliseconds(),
        until = query.Until?.ToUnixTimeMilliseconds(),
        outcome = (int?)query.Outcome,
        exactness = (int?)query.Exactness,
    });

    private sealed class NamedEntryRow : EntryRow
    {
        public string? AttendeeName { get; init; }

        public EntryView View() => new(
            Id, Request, Event, Attendee, AttendeeName, Model, (Operation)checked((int)Operation), Moments.Of(At), Moments.Of(SettledAt), ReservedInput, StatedInput, ReservedOutput,
            ReservedCost, Input, CachedInput, Output, Reasoning, Cost, (Exactness)checked((int)Exactness), (Outcome)checked((int)Outcome));
    }
}
