namespace OpenAIProxy.Storage.Queries;

/// <summary>A list was asked for in a way that makes no sense, or for more than can be told at once.</summary>
/// <param name="field">Which property of the query is wrong, such as <c>Page</c> or <c>Sort</c>.</param>
/// <param name="reason">A sentence: what is wrong and what would do.</param>
public sealed class QueryRefusedException(string field, string reason) : Exception($"{field}: {reason}")
{
    public string Field { get; } = field;

    public string Reason { get; } = reason;
}
