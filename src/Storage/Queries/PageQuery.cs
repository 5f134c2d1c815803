namespace OpenAIProxy.Storage.Queries;

/// <summary>Which part of a list is wanted, and in which order.</summary>
public record PageQuery
{
    public const int LargestPage = 500;

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>1 to <see cref="LargestPage"/>.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary>The name of a column, after <c>-</c> where the last comes first; null is the list's own order.</summary>
    public string? Sort { get; init; }

    /// <summary>Text that a row has somewhere; case does not matter for ASCII. Null is any.</summary>
    public string? Search { get; init; }

    /// <exception cref="QueryRefusedException">There is no such page.</exception>
    internal void Check()
    {
        if (Page < 1)
            throw new QueryRefusedException(nameof(Page), "pages are counted from 1.");
        if (PageSize is < 1 or > LargestPage)
            throw new QueryRefusedException(nameof(PageSize), $"1 to {LargestPage} rows.");
    }
}
