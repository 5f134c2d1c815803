using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Tests;

public sealed class EventModelsTests
{
    private static readonly Offer Chat = new(Examples.Model("gpt-35-turbo", Operation.ChatCompletions) with { Aliases = ["gpt-3.5-turbo"] }, []);
    private static readonly Offer Embedder = Examples.Offer("ada", Operation.Embeddings);

    [Theory]
    [InlineData("gpt-35-turbo")]
    [InlineData("gpt-3.5-turbo")]
    [InlineData("GPT-3.5-Turbo")]
    public void Model_is_found_by_every_name(string name) => Of([Chat, Embedder]).Find(name).ShouldBe(Chat);

    [Fact]
    public void Unknown_name_finds_nothing() => Of([Chat]).Find("gpt-9").ShouldBeNull();

    [Fact]
    public void Names_are_listed_in_order_by_operation()
    {
        var models = Of([Embedder, Examples.Offer("z", Operation.ChatCompletions), Chat]);

        models.NamesFor(Operation.ChatCompletions).ShouldBe(["z", "gpt-35-turbo"]);
        models.NamesFor(Operation.Completions).ShouldBeEmpty();
    }

    [Fact]
    public void Default_may_be_an_alias()
    {
        var models = Of([Chat, Embedder], (Operation.ChatCompletions, "GPT-3.5-turbo"));

        models.DefaultFor(Operation.ChatCompletions).ShouldBe(Chat);
        models.DefaultFor(Operation.Embeddings).ShouldBeNull();
    }

    [Fact]
    public void Default_that_is_not_offered_is_refused() =>
        Should.Throw<ArgumentException>(() => Of([Chat], (Operation.ChatCompletions, "gpt-9"))).Message.ShouldContain("'gpt-9', is not one of the event's models");

    [Fact]
    public void Default_without_the_operation_is_refused() =>
        Should.Throw<ArgumentException>(() => Of([Chat], (Operation.Embeddings, "gpt-35-turbo"))).Message.ShouldContain("does not have that operation");

    [Fact]
    public void Two_models_cannot_share_a_name()
    {
        var other = new Offer(Examples.Model("other", Operation.ChatCompletions) with { Aliases = ["GPT-3.5-TURBO"] }, []);

        Should.Throw<ArgumentException>(() => Of([Chat, other])).Message.ShouldContain("are called 'GPT-3.5-TURBO'");
    }

    private static EventModels Of(Offer[] offers, params (Operation Operation, string Model)[] defaults) =>
        new(offers, defaults.ToDictionary(d => d.Operation, d => d.Model));
}
