using System.Globalization;
using Dapper;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Queries;

/// <summary>A list that can be paged: its SQL is of constants only, what the query says goes in as parameters.</summary>
/// <param name="Select">Columns and tables, up to where conditions begin.</param>
/// <param name="From">The tables again, to count.</param>
/// <param name="Key">The column that makes the order of equal rows the same on every page.</param>
/// <param name="Sorts">Columns by the name under which people sort by them.</param>
/// <param name="Default">How it is sorted unless the query says otherwise.</param>
internal sealed record Listing(string Select, string From, string Key, string Default, IReadOnlyDictionary<string, string> Sorts)
{
    /// <param name="condition">Its parameters are in <paramref name="parameters"/>; <c>@search</c> is a pattern for LIKE … ESCAPE '\', or null.</param>
    /// <exception cref="QueryRefusedException">There is no such page or order.</exception>
    public async Task<Page<T>> PageAsync<T>(Statements statements, PageQuery query, string condition, object parameters)
    {
        var order = Order(query.Sort ?? Default);
        query.Check();
        var all = new DynamicParameters(parameters);
        all.Add("search", Pattern(query.Search));
        all.Add("limit", query.PageSize);
        all.Add("offset", (query.Page - 1L) * query.PageSize);
        var total = await statements.FindAsync<long>($"SELECT COUNT(*) FROM {From} WHERE {condition}", all);
        var rows = await statements.QueryAsync<T>($"{Select} FROM {From} WHERE {condition} ORDER BY {order} LIMIT @limit OFFSET @offset", all);
        return new Page<T>(rows, total, query.Page, query.PageSize);
    }

    /// <summary>For LIKE … ESCAPE '\'; null where there is nothing to search for.</summary>
    public static string? Pattern(string? search) => string.IsNullOrWhiteSpace(search)
        ? null
        : $"%{search.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";

    private string Order(string sort)
    {
        var isDescending = sort.StartsWith('-');
        if (!Sorts.TryGetValue(isDescending ? sort[1..] : sort, out var column))
            throw new QueryRefusedException("Sort", $"'{sort}' is none of {string.Join(", ", Sorts.Keys)}, nor one of these after '-'.");
        var direction = isDescending ? "DESC" : "ASC";
        return string.Create(CultureInfo.InvariantCulture, $"{column} {direction}, {Key} {direction}");
    }
}
