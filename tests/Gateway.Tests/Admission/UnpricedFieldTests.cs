using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Gateway.Tests.Admission;

/// <summary>A price is for tokens of text, in the tier of the deployment. What costs something else is refused where money is limited.</summary>
public sealed class UnpricedFieldTests(UnpricedFieldTests.PaidGateway fixture) : IClassFixture<UnpricedFieldTests.PaidGateway>
{
    private const string Paid = "paid/ann";
    private const string Text = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";

    public static TheoryData<string, string> Unpriced => new()
    {
        { "\"service_tier\":\"priority\"," + Text, "service_tier" },
        { "\"service_tier\":\"prior\\u0069ty\"," + Text, "service_tier" },
        { "\"serv\\u0069ce_tier\":\"flex\"," + Text, "service_tier" },
        { "\"service_tier\":\"scale\"," + Text, "service_tier" },
        { "\"service_tier\":\"Default\"," + Text, "service_tier" },
        { "\"service_tier\":[\"default\"]," + Text, "service_tier" },
        { "\"service_tier\":\"\\ud800\"," + Text, "service_tier" },
        { "\"service_tier\":\"default\"," + Text + ",\"service_tier\":\"priority\"", "service_tier" },
        { "\"service_tier\":\"priority\"," + Text + ",\"service_tier\":\"default\"", "service_tier" },
        { "\"modalities\":[\"text\",\"audio\"]," + Text, "modalities" },
        { "\"modalities\":\"audio\"," + Text, "modalities" },
        { "\"audio\":{\"voice\":\"alloy\",\"format\":\"wav\"}," + Text, "audio" },
        { "\"messages\":[{\"role\":\"assistant\",\"audio\":{\"id\":\"a\"}}]", "audio" },
        { "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"QUJD\",\"format\":\"wav\"}}]}]", "input_audio" },
        { "\"data_sources\":[{\"type\":\"azure_search\"}]," + Text, "data_sources" },
        { "\"dataSources\":[]," + Text, "data_sources" },
        { "\"web_search_options\":{}," + Text, "web_search_options" },
        { "\"enhancements\":{\"ocr\":{\"enabled\":true}}," + Text, "enhancements" },
    };

    [Theory]
    [MemberData(nameof(Unpriced))]
    public async Task A_field_of_unknown_price_is_refused_where_money_is_limited_and_only_there(string fields, string name)
    {
        var before = await CountAsync();

        await Client.AskAsync(Asking.Chat, "{" + fields + "}");
        var refused = await Client.AskAsync(Asking.Chat, "{" + fields + "}", Paid);

        // Whether the backend likes it or not.
        (await CountAsync()).ShouldBe(before + 1);
        refused.ShouldBeRefusal(403, "price_unknown");
        refused.Error.GetProperty("param").GetString().ShouldBe(name);
        refused.Message.ShouldContain($"with '{name}' is not known");
    }

    [Theory]
    [InlineData("\"service_tier\":\"auto\",")]
    [InlineData("\"service_tier\":\"default\",")]
    [InlineData("\"service_tier\":null,")]
    [InlineData("\"modalities\":[\"text\"],")]
    [InlineData("\"modalities\":[],\"audio\":null,")]
    public async Task What_costs_what_the_model_costs_passes(string field)
    {
        (await Client.AskAsync(Asking.Chat, "{" + field + Text + "}", Paid)).Status.ShouldBe(200);

        (await fixture.Gateway.Simulator.RequestsAsync())[^1].Body.ShouldContain(field);
    }

    [Theory]
    [InlineData(Asking.Completions, "\"prompt\":\"hello\"")]
    [InlineData(Asking.Embeddings, "\"input\":\"hello\"")]
    public async Task A_tier_has_its_price_whatever_is_called(string path, string input)
    {
        (await Client.AskAsync(path, "{\"service_tier\":\"priority\"," + input + "}", Paid)).ShouldBeRefusal(403, "price_unknown");
        (await Client.AskAsync(path, "{" + input + "}", Paid)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Without_a_price_at_all_it_is_the_model_that_is_refused()
    {
        var refused = await Client.AskAsync(Asking.Chat, "{\"model\":\"gpt-4\",\"service_tier\":\"priority\"," + Text + "}", Paid);

        refused.ShouldBeRefusal(403, "price_unknown");
        refused.Message.ShouldContain("set its price");
    }

    private HttpClient Client => fixture.Gateway.Client;

    private async Task<int> CountAsync() => (await fixture.Gateway.Simulator.RequestsAsync()).Count;

    /// <summary>Two events that differ in a limit on money.</summary>
    public sealed class PaidGateway : IAsyncLifetime
    {
        public GatewayUnderTest Gateway { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Gateway.StartAsync();
            await Gateway.AddEventAsync("paid");
            await Gateway.ChangeAsync(async change =>
            {
                await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { ApiVersion = "2025-04-01-preview" });
                await change.Prices.DeleteAsync("gpt-4");
                await change.Limits.AddAsync(EventCode.Parse("paid"), new Limit(0, LimitScope.Event, LimitUnit.Money, LimitWindow.Event, 100_000_000));
            });
        }

        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }
}
