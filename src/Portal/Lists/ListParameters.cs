using Microsoft.AspNetCore.Mvc;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Portal.Lists;

/// <summary>What every list takes in its query.</summary>
internal sealed class ListParameters
{
    /// <summary>Which part of the list, from 1; default 1.</summary>
    [FromQuery(Name = "page")]
    public int? Page { get; init; }

    /// <summary>How many items a part has, 1 to 500; default 50.</summary>
    [FromQuery(Name = "pageSize")]
    public int? PageSize { get; init; }

    /// <summary>The field to sort by, after '-' from last to first.</summary>
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    /// <summary>A text to be found somewhere in the item.</summary>
    [FromQuery(Name = "search")]
    public string? Search { get; init; }

    /// <summary>That part of what <paramref name="query"/> asks for, in that order.</summary>
    public T Of<T>(T query)
        where T : PageQuery => (T)((PageQuery)query with { Page = Page ?? query.Page, PageSize = PageSize ?? query.PageSize, Sort = Sort, Search = Search });
}

/// <summary>A part of a list.</summary>
/// <param name="Total">How many items the whole list has.</param>
/// <param name="Page">Which part this is, from 1.</param>
/// <param name="PageSize">How many items a part has at most.</param>
internal sealed record Listed<T>(IReadOnlyList<T> Items, long Total, int Page, int PageSize);

internal static class Listing
{
    /// <summary>The same part of the list, as the API shows it.</summary>
    public static Listed<TShown> Show<T, TShown>(this Page<T> page, Func<T, TShown> show) =>
        new([.. page.Items.Select(show)], page.Total, page.Number, page.Size);
}
