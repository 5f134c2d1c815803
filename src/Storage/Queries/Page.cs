namespace OpenAIProxy.Storage.Queries;

/// <param name="Total">How many rows all pages have together.</param>
/// <param name="Number">From 1.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, long Total, int Number, int Size);
