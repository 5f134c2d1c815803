using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Domain.Tests;

public sealed class KnownPricesTests
{
    private static readonly string[] Known =
    [
        "gpt-35-turbo", "gpt-35-turbo-16k", "gpt-35-turbo-instruct", "gpt-4", "gpt-4-32k", "gpt-4-turbo", "gpt-4o", "gpt-4o-2024-05-13", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini",
        "gpt-4.1-nano", "gpt-4.5-preview", "gpt-5", "gpt-5-chat", "gpt-5-mini", "gpt-5-nano", "gpt-5-pro", "gpt-5.1", "gpt-5.2", "gpt-5.4", "o1", "o3", "o3-mini", "o4-mini",
        "text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002",
    ];

    [Theory]
    [InlineData("gpt-4o", 2_500_000, 1_250_000, 10_000_000)]
    [InlineData("gpt-4o-2024-08-06", 2_500_000, 1_250_000, 10_000_000)] // a version has the model's price
    [InlineData("gpt-4o-2024-05-13", 5_000_000, 5_000_000, 15_000_000)] // where it has no other
    [InlineData("gpt-4o-mini", 150_000, 75_000, 600_000)]
    [InlineData("gpt-3.5-turbo", 500_000, 500_000, 1_500_000)] // OpenAI's name of gpt-35-turbo; nothing known of cached input
    [InlineData("gpt-3.5-turbo-instruct", 1_500_000, 1_500_000, 2_000_000)]
    [InlineData("gpt-5-nano", 50_000, 5_000, 400_000)]
    [InlineData("text-embedding-3-small", 20_000, 20_000, 0)]
    public void Prices_are_micro_dollars_for_a_million_tokens(string name, long input, long cachedInput, long output)
    {
        var price = KnownPrices.Find(name).ShouldNotBeNull();

        (price.Input, price.CachedInput, price.Output).ShouldBe((input, cachedInput, output));
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("gpt-4o-")]
    [InlineData("gpt-4o-2024-08")]
    [InlineData("gpt-5.9")]
    [InlineData("")]
    public void Unknown_models_have_no_price(string name) => KnownPrices.Find(name).ShouldBeNull();

    [Fact]
    public void Each_says_that_nobody_has_verified_it() =>
        Known.ShouldAllBe(name => KnownPrices.Find(name)!.Source.StartsWith("unverified"));

    [Fact]
    public void Cached_input_is_never_dearer_and_thousand_tokens_always_cost_something() =>
        Known.ShouldAllBe(name => KnownPrices.Find(name)!.CachedInput <= KnownPrices.Find(name)!.Input
            && Cost.Of(new Usage(1_000, 1_000, 0, 0), KnownPrices.Find(name)) > 0);
}
