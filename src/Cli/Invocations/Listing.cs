using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Invocations;

/// <summary>What all lists have in common: pages, search, order, filters, a table.</summary>
internal sealed class Listing
{
    public const int LargestPage = 500;

    private readonly Option<long?> page = Symbols.Number("--page", "Which page, from 1.");
    private readonly Option<long?> pageSize = Symbols.Number("--page-size", "How many on a page, 1 to 500. Default: 50");
    private readonly Option<bool> all = new("--all") { Description = "All of them, however many pages." };
    private readonly Option<string>? search;
    private readonly Option<string>? sort;
    private readonly List<(Option<string> Option, string Parameter, Func<Invocation, Option<string>, string?> Read)> filters = [];

    public Listing(string[] sorts, bool canSearch = true)
    {
        if (canSearch)
            search = Symbols.Text("--search", "TEXT", "Only those that contain it.");
        if (sorts.Length > 0)
            sort = Symbols.Text("--sort", string.Join('|', sorts), "The order; with - before it the other way round, as in -" + sorts[0] + ".");
    }

    public Listing Filter(Option<string> option, string parameter) => Filter(option, parameter, (run, filter) => run.Get(filter));

    /// <param name="option">One of <see cref="Symbols.Past"/>.</param>
    public Listing FilterPast(Option<string> option, string parameter) => Filter(option, parameter, (run, filter) => run.GetPast(filter));

    public Verb AddTo(Verb verb)
    {
        foreach (var option in new Option?[] { search, sort }.Concat(filters.Select(f => f.Option)).Concat([page, pageSize, all]))
            if (option is not null)
                verb.Add(option);
        return verb;
    }

    /// <param name="zone">In which zone times are shown where a row does not say its own.</param>
    /// <param name="filter">One more, which a command makes of what was typed.</param>
    public async Task<int> PrintAsync(Invocation run, string path, IReadOnlyList<Field> fields, TimeZoneInfo? zone = null, (string Parameter, string? Value) filter = default)
    {
        var answer = run.Get(all) ? await AllAsync(run, path, filter) : await run.Api.GetAsync(path + Query(run, run.Get(page), run.Get(pageSize), filter));
        if (run.Json)
            return await run.PrintAsync(answer.Text);
        var rows = answer.Items.ToList();
        if (rows.Count == 0)
            return await run.PrintAsync("None.");
        await Table.WriteAsync(run.Terminal, fields, rows, zone ?? run.Surroundings.Time.LocalTimeZone);
        if (answer.Object["total"] is JsonValue value && value.TryGetValue(out long total) && total > rows.Count)
            await run.NoteAsync($"{rows.Count} of {total:N0}. More: --page {(run.Get(page) ?? 1) + 1}, or --all");
        return ExitCode.Ok;
    }

    /// <summary>What was asked for without the page, for what has none.</summary>
    public string Query(Invocation run, (string Parameter, string? Value) filter) => Query(run, null, null, filter);

    private Task<Answer> AllAsync(Invocation run, string path, (string Parameter, string? Value) filter) =>
        AllAsync(run, number => path + Query(run, number, LargestPage, filter));

    /// <summary>All pages as one; what else the answer says is the last one's.</summary>
    /// <param name="pathOf">The path of a page, by its number from 1; as large as pages get.</param>
    public static async Task<Answer> AllAsync(Invocation run, Func<int, string> pathOf)
    {
        var items = new JsonArray();
        JsonObject whole;
        using var progress = new Progress(run.Terminal);
        for (var number = 1; ; number++)
        {
            var answer = await run.Api.GetAsync(pathOf(number));
            whole = answer.Object;
            foreach (var item in answer.Items)
                items.Add(item.DeepClone());
            var total = answer.Object["total"] is JsonValue value && value.TryGetValue(out long counted) ? counted : items.Count;
            if (items.Count >= total || !answer.Items.Any())
                break;
            await progress.ShowAsync($"{items.Count:N0} of {total:N0}");
        }
        (whole["items"], whole["total"], whole["page"], whole["pageSize"]) = (items, items.Count, 1, items.Count);
        return new(whole.ToJsonString(), whole, null);
    }

    private Listing Filter(Option<string> option, string parameter, Func<Invocation, Option<string>, string?> read)
    {
        filters.Add((option, parameter, read));
        return this;
    }

    private string Query(Invocation run, long? number, long? size, (string Parameter, string? Value) filter)
    {
        var said = filters.Select(f => (Name: f.Parameter, Value: f.Read(run, f.Option)))
            .Append((Name: filter.Parameter, Value: filter.Value))
            .Append((Name: "search", Value: search is null ? null : run.Get(search)))
            .Append((Name: "sort", Value: sort is null ? null : run.Get(sort)))
            .Append((Name: "page", Value: number?.ToString(CultureInfo.InvariantCulture)))
            .Append((Name: "pageSize", Value: size?.ToString(CultureInfo.InvariantCulture)))
            .Where(p => p.Value is not null)
            .Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}");
        return "?" + string.Join('&', said) is var query && query.Length > 1 ? query : "";
    }
}
