using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Tests;

/// <summary>Words of limits and the ledger for tests that do not care for the rest.</summary>
internal static class Limiting
{
    public static Price Price(long input, long output, long? cachedInput = null) => new(input, cachedInput ?? input, output, 0, new DateOnly(2026, 1, 1), "test");

    public static Hold Hold(long cap, long fixedPart, long perToken = 0, long scale = 1, DateTimeOffset? frees = null) =>
        new(default, new Limit(1, LimitScope.Event, LimitUnit.TotalTokens, LimitWindow.Event, cap), cap, fixedPart, perToken, scale, frees);
}
