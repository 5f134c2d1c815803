using System.Collections.Frozen;

namespace OpenAIProxy.Domain.Catalog;

/// <summary>Prices to start from, until an organiser or administrator enters those of their own contract.</summary>
/// <remarks>
/// They are copied from lists of third parties, for Azure's global deployments, and nobody compared them with Azure's own page
/// (https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/): <see cref="Price.Source"/> says so wherever
/// they are shown. Deployments in data zones or single regions cost about a tenth more. Where a list has no price for cached
/// input, it is that of input: never less than what is charged.
/// </remarks>
public static class KnownPrices
{
    /// <summary>What <see cref="Price.Source"/> says of each of them.</summary>
    public const string Source = "unverified: third parties' lists of global deployments; compare with Azure's pricing page";

    // The lists give no day, only the year.
    private static readonly DateOnly AsOf = new(2026, 1, 1);

    private static readonly FrozenDictionary<string, Price> All = new Dictionary<string, Price>
    {
        ["gpt-35-turbo"] = Dollars(0.5m, null, 1.5m),
        ["gpt-35-turbo-16k"] = Dollars(3, null, 4),
        ["gpt-35-turbo-instruct"] = Dollars(1.5m, null, 2),
        ["gpt-4"] = Dollars(30, null, 60),
        ["gpt-4-32k"] = Dollars(60, null, 120),
        ["gpt-4-turbo"] = Dollars(10, null, 30),
        ["gpt-4o"] = Dollars(2.5m, 1.25m, 10),
        ["gpt-4o-2024-05-13"] = Dollars(5, null, 15),
        ["gpt-4o-mini"] = Dollars(0.15m, 0.075m, 0.6m),
        ["gpt-4.1"] = Dollars(2, 0.5m, 8),
        ["gpt-4.1-mini"] = Dollars(0.4m, 0.1m, 1.6m),
        ["gpt-4.1-nano"] = Dollars(0.1m, 0.025m, 0.4m),
        ["gpt-4.5-preview"] = Dollars(75, 37.5m, 150),
        ["gpt-5"] = Dollars(1.25m, 0.125m, 10),
        ["gpt-5-chat"] = Dollars(1.25m, 0.125m, 10),
        ["gpt-5-mini"] = Dollars(0.25m, 0.025m, 2),
        ["gpt-5-nano"] = Dollars(0.05m, 0.005m, 0.4m),
        ["gpt-5-pro"] = Dollars(15, null, 120),
        ["gpt-5.1"] = Dollars(1.25m, 0.125m, 10),
        ["gpt-5.2"] = Dollars(1.75m, 0.175m, 14),
        ["gpt-5.4"] = Dollars(2.5m, 0.25m, 15),
        ["o1"] = Dollars(15, 7.5m, 60),
        ["o3"] = Dollars(2, 0.5m, 8),
        ["o3-mini"] = Dollars(1.1m, 0.55m, 4.4m),
        ["o4-mini"] = Dollars(1.1m, 0.275m, 4.4m),
        ["text-embedding-3-small"] = Dollars(0.02m, null, 0),
        ["text-embedding-3-large"] = Dollars(0.13m, null, 0),
        ["text-embedding-ada-002"] = Dollars(0.1m, null, 0),
    }.ToFrozenDictionary();

    /// <summary>The price of the model that Azure or OpenAI call by that name, with or without the date of a version; null is unknown.</summary>
    public static Price? Find(string name)
    {
        var azure = name.Replace("gpt-3.5-", "gpt-35-", StringComparison.Ordinal);
        return All.GetValueOrDefault(azure) ?? All.GetValueOrDefault(ModelName.Undated(azure));
    }

    private static Price Dollars(decimal input, decimal? cachedInput, decimal output) =>
        new(MicroDollars(input), MicroDollars(cachedInput ?? input), MicroDollars(output), 0, AsOf, Source);

    private static long MicroDollars(decimal dollars) => (long)(dollars * 1_000_000);
}
