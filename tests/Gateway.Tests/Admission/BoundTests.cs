using System.Text;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Tests.Operations.Sizes;

namespace OpenAIProxy.Gateway.Tests.Admission;

/// <summary>Whatever stands in a body, it uses no more than was set aside for it, by the backend's own count.</summary>
public sealed class BoundTests(BoundTests.PricedGateway fixture) : IClassFixture<BoundTests.PricedGateway>
{
    private const string Hello = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";
    private const string Function = """{"name":"weather","description":"Tells the weather.","parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"array","items":{"type":"integer"}}}}}""";
    private const string Schema = """{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"array","items":{"type":"string"}}}}}}""";
    private const string OddText = "Ω☃😀\\u0000\\u0001\\ud83d\\ude00\\u4e2d\\n\\t{}[]<|endoftext|>";

    private GatewayUnderTest Gateway => fixture.Gateway;

    public static TheoryData<string> Chats =>
    [
        "\"n\":3,\"max_tokens\":20," + Hello,
        "\"n\":null,\"max_tokens\":null," + Hello,
        "\"tools\":[{\"type\":\"function\",\"function\":" + Function + "}],\"tool_choice\":\"required\"," + Hello,
        "\"tools\":[{\"type\":\"function\",\"function\":" + Function + "}],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"weather\"}},\"n\":2," + Hello,
        "\"functions\":[" + Function + "],\"function_call\":{\"name\":\"weather\"}," + Hello,
        "\"functions\":[" + Function + "],\"functions\":[" + Function + "," + Function + "]," + Hello,
        "\"response_format\":" + Schema + "," + Hello,
        "\"response_format\":{\"type\":\"text\"},\"response_format\":" + Schema + "," + Hello,
        "\"stop\":[\"a\"],\"stop_sequence\":\"b\"," + Hello,
        "\"stop_sequence\":\"b\",\"max_tokens\":9," + Hello,
        "\"user\":\"u\",\"metadata\":{\"a\":\"b\"},\"store\":true,\"seed\":4,\"logit_bias\":{\"50256\":-100},\"safety_identifier\":\"s\",\"prompt_cache_key\":\"k\"," + Hello,
        "\"logprobs\":true,\"top_logprobs\":20,\"parallel_tool_calls\":false,\"user_security_context\":{\"end_user_id\":\"x\"}," + Hello,
        "\"verbosity\":\"high\"," + Hello,
        "\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"name\":\"Ann\",\"content\":\"" + OddText + "\"}]",
        "\"messages\":[{\"role\":\"system\",\"content\":\"" + OddText + "\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"" + OddText + "\"},{\"type\":\"text\",\"text\":\"b\"}]}]",
        "\"messages\":[{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"x\"}]",
        "\"messages\":[" + string.Join(',', Enumerable.Repeat("{\"role\":\"user\",\"content\":\"\"}", 50)) + "]",
        Image("\"url\":\"https://example.org/a.png\""),
        Image("\"url\":\"https://example.org/a.png\",\"detail\":\"high\""),
        Image("\"url\":\"https://example.org/a.png\",\"detail\":\"low\""),
        Image("\"url\":\"" + ImageFiles.DataUrl(ImageFiles.Png(1_024, 1_024)) + "\""),
        "\"model\":\"o3-mini\",\"reasoning_effort\":\"high\",\"max_completion_tokens\":700," + Hello,
        "\"model\":\"o3-mini\",\"reasoning_effort\":\"low\",\"max_tokens\":40,\"n\":2," + Hello,
    ];

    public static TheoryData<string, string> Others => new()
    {
        { Asking.Completions, "\"prompt\":\"a\"" },
        { Asking.Completions, "\"prompt\":null" },
        { Asking.Completions, "\"max_tokens\":9" },
        { Asking.Completions, "\"prompt\":[\"a\",\"" + OddText + "\"],\"n\":2,\"best_of\":3,\"max_tokens\":9" },
        { Asking.Completions, "\"prompt\":[1,2,3],\"echo\":true,\"logprobs\":5,\"max_tokens\":9" },
        { Asking.Completions, "\"prompt\":[[1,2],[3]],\"echo\":true,\"stream\":true,\"max_tokens\":9" },
        { Asking.Completions, "\"prompt\":\"a\",\"suffix\":\"" + OddText + "\",\"best_of\":2" },
        { Asking.Embeddings, "\"input\":\"" + OddText + "\",\"dimensions\":5,\"user\":\"u\"" },
        { Asking.Embeddings, "\"input\":[\"a\",\"b\"],\"encoding_format\":\"base64\"" },
        { Asking.Embeddings, "\"input\":[1,2,3]" },
        { Asking.Embeddings, "\"input\":[[1,2],[3],[4]],\"input_type\":\"query\"" },
    };

    /// <summary>With the most that Azure may report for it: the simulator has no such thing.</summary>
    public static TheoryData<string, long, long> Unseen => new()
    {
        { "\"data_sources\":[{\"type\":\"azure_search\",\"parameters\":{}}],\"max_tokens\":100," + Hello, 2 * 128_000, 100 + 300 },
        { "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}]}],\"max_tokens\":100", 128_000, 100 },
        // Images of its pages are charged at 33 times what they take of the window.
        { "\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}]}],\"max_tokens\":100", 33 * 128_000, 100 },
        { "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,QUJD\"}}]}],\"max_tokens\":100", 128_000, 100 },
        { "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"QUJD\",\"format\":\"wav\"}}]}],\"max_tokens\":100", 128_000, 100 },
        { "\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"alloy\",\"format\":\"wav\"},\"max_tokens\":100,\"messages\":[{\"role\":\"assistant\",\"audio\":{\"id\":\"a\"}}]", 128_000, 100 },
        { "\"web_search_options\":{},\"max_tokens\":100," + Hello, 128_000, 100 },
    };

    [Theory]
    [MemberData(nameof(Chats))]
    public async Task A_chat_uses_no_more_than_was_set_aside(string fields)
    {
        await ShouldHoldAsync(Asking.Chat, "{" + fields + "}");
        await ShouldHoldAsync(Asking.Chat, "{\"stream\":true," + fields + "}");
    }

    [Theory]
    [MemberData(nameof(Others))]
    public Task A_completion_or_an_embedding_uses_no_more_than_was_set_aside(string path, string fields) => ShouldHoldAsync(path, "{" + fields + "}");

    [Theory]
    [MemberData(nameof(Unseen))]
    public async Task What_the_body_does_not_show_is_set_aside_at_the_most_it_can_be(string fields, long input, long output)
    {
        var body = new { choices = Array.Empty<object>(), usage = new { prompt_tokens = input, completion_tokens = output } };
        await Gateway.Simulator.FailAsync(new { kind = "status", status = 200, body, times = 1 });

        var entry = await AskAsync(Asking.Chat, "{" + fields + "}");

        entry.Settlement.Usage.ShouldBe(new Usage(input, 0, output, 0));
        ShouldHold(entry);
    }

    // Two readers of the same bytes may not take them for two texts.
    [Theory]
    [InlineData("utf-8 with a mark")]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    public async Task A_body_in_another_encoding_reaches_no_backend(string encoding)
    {
        Encoding other = encoding switch { "utf-16" => Encoding.Unicode, "utf-32" => Encoding.UTF32, _ => new UTF8Encoding(true) };
        var before = (await Gateway.Simulator.RequestsAsync()).Count;
        foreach (var mark in new[] { other.GetPreamble(), [] })
        {
            if (mark.Length == 0 && other is UTF8Encoding)
                continue;
            using var request = Asking.Post(Asking.Chat, Asking.Hello);
            request.Content = new ByteArrayContent([.. mark, .. other.GetBytes(Asking.Hello)]) { Headers = { { "Content-Type", "application/json; charset=" + other.WebName } } };

            (await Gateway.Client.AskAsync(request)).ShouldBeRefusal(400, "invalid_json");
        }

        (await Gateway.Simulator.RequestsAsync()).Count.ShouldBe(before);
    }

    private async Task ShouldHoldAsync(string path, string body)
    {
        var entry = await AskAsync(path, body);

        var seen = (await Gateway.Simulator.RequestsAsync())[^1];
        seen.PromptTokens.ShouldBeLessThanOrEqualTo(entry.ReservedInput);
        seen.CompletionTokens.ShouldBeLessThanOrEqualTo(entry.ReservedOutput);
        ShouldHold(entry);
    }

    private static void ShouldHold(StoredEntry entry)
    {
        var usage = entry.Settlement.Usage;
        usage.Input.ShouldBeLessThanOrEqualTo(entry.ReservedInput);
        usage.Output.ShouldBeLessThanOrEqualTo(entry.ReservedOutput);
        entry.Settlement.Cost.ShouldBeLessThanOrEqualTo(entry.ReservedCost);
    }

    private async Task<StoredEntry> AskAsync(string path, string body)
    {
        var before = (await Gateway.Ledger.EntriesAsync()).Count;
        (await Gateway.Client.AskAsync(path, body)).Status.ShouldBe(200);
        var entries = await Gateway.Ledger.EntriesAsync();
        entries.Count.ShouldBe(before + 1);
        return entries[^1];
    }

    private static string Image(string image) => "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"?\"},{\"type\":\"image_url\",\"image_url\":{" + image + "}}]}]";

    public sealed class PricedGateway : IAsyncLifetime
    {
        public GatewayUnderTest Gateway { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Gateway.StartAsync();
            await Gateway.AddModelAsync(GatewayUnderTest.ReasoningModel);
            await Gateway.ChangeAsync(async change =>
            {
                await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with { ApiVersion = "2025-04-01-preview" });
                foreach (var name in Gateway.Snapshot.Events.Single().Models.Offers.Select(o => o.Model.Name))
                    await change.Prices.PutAsync(name, new Price(1_000_000, 500_000, 2_000_000, 0, new DateOnly(2026, 1, 1), "this test"));
                foreach (var limit in await change.Limits.ListAsync(Domain.Events.EventCode.Parse("hackathon")))
                    await change.Limits.DeleteAsync(Domain.Events.EventCode.Parse("hackathon"), limit.Id);
            });
        }

        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }
}
