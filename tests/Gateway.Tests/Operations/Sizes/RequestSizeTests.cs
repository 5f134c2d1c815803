using System.Text;
using OpenAIProxy.Domain.Sizing;
using OpenAIProxy.Gateway.Operations;

namespace OpenAIProxy.Gateway.Tests.Operations.Sizes;

public sealed class RequestSizeTests
{
    public static TheoryData<string, RequestSize> Chats => new()
    {
        { """{"messages":[{"role":"user","content":"hello world"}]}""", new() { TextBytes = 15, Messages = 1 } },
        { """{"messages":[{"role":"system","content":"hé"},{"role":"user","content":"\u00e9","name":"Ann"}],"max_tokens":9}""", new() { TextBytes = 6 + 3 + 4 + 6 + 3, NonAsciiBytes = 2, Messages = 2, Names = 1 } },
        { """{"messages":[{"role":"assistant","content":null,"name":null,"tool_calls":[{"id":"1"}]},{"role":"tool","tool_call_id":"1","content":"x"}]}""", new() { TextBytes = 9 + 12 + 4 + 1 + 1, Messages = 2 } },
        { """{"messages":[{"role":"user","content":[{"type":"text","text":"ab"},{"type":"refusal","refusal":"c"},{"type":"input_audio","input_audio":{"data":"QUJD"}}]}]}""", new() { TextBytes = 4 + 3, Messages = 1, Parts = 3, IsOpaque = true } },
        { """{"messages":[{"news":{"a":1},"content":"x","content":"yz"}]}""", new() { TextBytes = 4 + 7 + 1 + 2, Messages = 1 } },
        { """{"messages":[{"c\u006fntent":[{"t\u0079pe":"text","text":"x"}]}]}""", new() { TextBytes = 1, Messages = 1, Parts = 1 } },
        { """{"messages":[{"audio":{"id":"a"}}]}""", new() { TextBytes = 10, Messages = 1, IsOpaque = true } },
        { """{"messages":[{"content":[{"type":"file","file":{}}]}]}""", new() { TextBytes = 6, Messages = 1, Parts = 1, IsOpaque = true, HasFile = true } },
        { """{"messages":[{"content":[{"type":"text","text":"x","file":"id"}]}]}""", new() { TextBytes = 1 + 4 + 2, Messages = 1, Parts = 1, IsOpaque = true, HasFile = true } },
        { """{"messages":[{"content":[{"type":"text","type":"video","text":"x"}]}]}""", new() { TextBytes = 1, Messages = 1, Parts = 1, IsOpaque = true, HasFile = true } },
        { """{"messages":[{"content":[{"text":"x"}]}]}""", new() { TextBytes = 1, Messages = 1, Parts = 1, IsOpaque = true, HasFile = true } },
        { """{"messages":[{"content":[{"type":"\ud800","text":"\ud800"}]}]}""", new() { TextBytes = 6, Messages = 1, Parts = 1, IsOpaque = true, HasFile = true } },
        { """{"messages":[{"content":["ab",7,null]}]}""", new() { TextBytes = 3, Messages = 1, Parts = 3 } },
        { """{"messages":"héllo"}""", new() { TextBytes = 6, NonAsciiBytes = 2 } },
        { """{"messages":{"a":[1, 2]}}""", new() { TextBytes = 12 } },
        { """{"messages":["ab",7,{}]}""", new() { TextBytes = 3, Messages = 3 } },
        { """{"messages":null}""", new() },
        { """{}""", new() },
        { """{"tools":[{"a": 1},{}],"tool_choice":"auto","functions":[{}]}""", new() { Tools = 3, ToolBytes = 13 + 6 + 4 } },
        { """{"tools":[],"functions":[]}""", new() },
        { """{"tools":"x"}""", new() { Tools = 1, ToolBytes = 3 } },
        { """{"response_format":{"type":"json_object"}}""", new() },
        { """{"response_format":{"type":"json_schema","json_schema":{}}}""", new() { Tools = 1, ToolBytes = 39 } },
        { """{"prediction":{"type":"content"},"user":"ann","metadata":{"a":"b"},"logit_bias":{"5":1},"temperature":1,"seed":5,"logprobs":true,"stop":["a"],"model":"gpt-4o"}""", new() { PredictionBytes = 18 } },
        { """{"new_field":"abc","newer":["d"]}""", new() { TextBytes = 3 + 5 } },
        { """{"prompt":[1,2]}""", new() { TextBytes = 5 } },
        { """{"data_sources":[{"type":"azure_search"}]}""", new() { IsOpaque = true, SearchesData = true } },
        { """{"dataSources":[]}""", new() { IsOpaque = true, SearchesData = true } },
        { """{"web_search_options":{}}""", new() { IsOpaque = true } },
        { """{"enhancements":{"ocr":{"enabled":true}}}""", new() { IsOpaque = true } },
    };

    public static TheoryData<string, RequestSize> PromptValues => new()
    {
        { "\"abc\"", new() { TextBytes = 3, Prompts = 1 } },
        { "[\"abc\",\"dé\"]", new() { TextBytes = 6, NonAsciiBytes = 2, Prompts = 2 } },
        { "[1,2,3]", new() { TokenNumbers = 3, Prompts = 1 } },
        { "[[1,2],[3],[]]", new() { TokenNumbers = 3, Prompts = 3 } },
        { "[1,\"a\",[2,\"b\"]]", new() { TextBytes = 2, TokenNumbers = 2, Prompts = 2 } },
        { "[[[1,2]]]", new() { TextBytes = 5, Prompts = 1 } },
        { "[{\"a\":1}]", new() { TextBytes = 7, Prompts = 1 } },
        { "\"\"", new() { Prompts = 1 } },
        { "[]", new() { Prompts = 1 } },
        { "null", new() { Prompts = 1 } },
        { "77", new() { TextBytes = 2, Prompts = 1 } },
    };

    [Theory]
    [MemberData(nameof(Chats))]
    public void A_chat_is_as_large_as_what_the_model_may_read_of_it(string body, RequestSize size) =>
        Same(Scanning.SizeOf(OperationSpec.ChatCompletions, body), size);

    [Theory]
    [MemberData(nameof(PromptValues))]
    public void Prompts_and_inputs_are_texts_or_tokens(string value, RequestSize size)
    {
        Same(Scanning.SizeOf(OperationSpec.Completions, $$"""{"max_tokens":5,"prompt":{{value}}}"""), size);
        Same(Scanning.SizeOf(OperationSpec.Embeddings, $$"""{"input":{{value}},"encoding_format":"base64","dimensions":5}"""), size);
    }

    [Fact]
    public void A_suffix_is_read_too() =>
        Same(Scanning.SizeOf(OperationSpec.Completions, """{"prompt":"a","suffix":"bcd"}"""), new() { TextBytes = 4, Prompts = 1 });

    [Fact]
    public void No_prompt_is_an_empty_one() => Same(Scanning.SizeOf(OperationSpec.Completions, "{}"), new() { Prompts = 1 });

    [Fact]
    public void What_may_stand_there_once_only_counts_twice_if_it_stands_there_twice() =>
        Same(Scanning.SizeOf(OperationSpec.ChatCompletions, """{"functions":[{}],"functions":[{}],"prediction":"ab","pr\u0065diction":"é"}"""), new() { PredictionBytes = 8, PredictionNonAsciiBytes = 2, Tools = 2, ToolBytes = 8 });

    public static TheoryData<string, string> Duplicates => new()
    {
        { "chat/completions", "messages" },
        { "chat/completions", "tools" },
        { "completions", "prompt" },
        { "embeddings", "input" },
    };

    [Theory]
    [MemberData(nameof(Duplicates))]
    public void A_second_list_of_what_the_model_reads_is_refused(string path, string name)
    {
        var operation = OperationSpec.All.Single(o => o.Path == path);
        var escaped = $"\\u{(int)name[0]:x4}{name[1..]}";

        var (refusal, _) = Scanning.Scan(operation, Encoding.UTF8.GetBytes($$"""{"{{name}}":[],"{{escaped}}":null}"""));

        refusal.ShouldNotBeNull().Code.ShouldBe("duplicate_field");
    }

    [Theory]
    [InlineData("""{"messages":[{"\ud800":1}]}""")]
    [InlineData("""{"messages":[{"content":[{"\udc00x":1}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"image_url":{"\ud800":1}}]}]}""")]
    [InlineData("""{"response_format":{"typ\ud800":1}}""")]
    public void A_name_that_is_no_text_is_refused_where_names_are_read(string body) =>
        Scanning.Scan(OperationSpec.ChatCompletions, Encoding.UTF8.GetBytes(body)).Refusal.ShouldNotBeNull().Status.ShouldBe(400);

    // Lists are equal only if they are the same one.
    private static void Same(RequestSize actual, RequestSize expected)
    {
        actual.Images.ShouldBeEmpty();
        (actual with { Images = [] }).ShouldBe(expected with { Images = [] });
    }
}
