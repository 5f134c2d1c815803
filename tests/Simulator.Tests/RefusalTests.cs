using System.Net;
using System.Text;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

public sealed class RefusalTests
{
    private const string WrongKey = """{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource."}}""";
    private const string WrongToken = """{"statusCode": 401, "message": "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired."}""";
    private const string NotFound = """{"error":{"code":"404","message": "Resource not found"}}""";
    private const string Chat = "/openai/deployments/gpt-4o/chat/completions";

    [Theory]
    [InlineData(null, null, 401, WrongKey)]
    [InlineData("api-key", "wrong", 401, WrongKey)]
    [InlineData("Authorization", "Bearer eyJ.x.y", 401, WrongToken)]
    [InlineData("api-key", "right", 200, null)]
    public async Task With_keys_only_these_are_taken(string? header, string? value, int status, string? body)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--key", "right"]);
        simulator.Http.DefaultRequestHeaders.Remove("api-key");
        if (header is not null)
            simulator.Http.DefaultRequestHeaders.Add(header, value);

        using var answer = await simulator.ChatAsync(Ask("Hello"));

        ((int)answer.StatusCode).ShouldBe(status);
        if (body is null)
            return;
        (await answer.TextAsync()).ShouldBe(body);
        answer.Headers.Select(found => found.Key).ShouldBe(["Date", "apim-request-id"]);
    }

    [Theory]
    [InlineData("data_sources")]
    [InlineData("dataSources")]
    public async Task A_search_in_data_knows_no_stream_options(string data)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var without = await simulator.ChatAsync(Ask("Hello", $"\"stream\":true,\"{data}\":[]"));
        using var with = await simulator.ChatAsync(Ask("Hello", $"\"stream\":true,\"{data}\":[],\"stream_options\":{{}}"));

        without.StatusCode.ShouldBe(HttpStatusCode.OK);
        with.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await with.TextAsync()).ShouldEndWith(""","code":400,"message":"Validation error at #/stream_options: Extra inputs are not permitted"}}""");
    }

    [Fact]
    public async Task The_v1_surface_takes_a_key_as_a_bearer()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--key", "right"]);
        simulator.Http.DefaultRequestHeaders.Remove("api-key");
        simulator.Http.DefaultRequestHeaders.Add("Authorization", "Bearer right");

        using var answer = await simulator.PostAsync("/openai/v1/chat/completions", Ask("Hello", "\"model\":\"gpt-4o\""));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(Chat, 404, NotFound)]
    [InlineData(Chat + "?api-version=", 404, NotFound)]
    [InlineData("/openai/deployments/gpt-4o/images/generations?api-version=2024-10-21", 404, NotFound)]
    [InlineData("//openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", 404, NotFound)]
    [InlineData("/v1/chat/completions", 404, NotFound)]
    [InlineData("/openai/deployments/gpt-4o/extensions/chat/completions?api-version=2024-10-21", 404, NotFound)]
    [InlineData(Chat + "?api-version=2031-01-01", 400, """{"error":{"code":"BadRequest","message":"API version not supported"}}""")]
    [InlineData("/openai/deployments/o1/chat/completions?api-version=2024-10-21", 400, """{"error":{"code":"BadRequest","message":"Model o1 is enabled only for api versions 2024-12-01-preview and later"}}""")]
    [InlineData("/openai/deployments/nobody/chat/completions?api-version=2024-10-21", 404, """{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."}}""")]
    [InlineData("/openai/deployments/gpt-4o/embeddings?api-version=2024-10-21", 400, """{"error":{"code":"OperationNotSupported","message":"The embeddings operation does not work with the specified model, gpt-4o. Please choose different model and try again. You can learn more about which models can be used with each operation here: https://go.microsoft.com/fwlink/?linkid=2197993."}}""")]
    [InlineData("/openai/deployments/text-embedding-3-small/chat/completions?api-version=2024-10-21", 400, """{"error":{"code":"OperationNotSupported","message":"The chatCompletion operation does not work with the specified model, text-embedding-3-small. Please choose different model and try again. You can learn more about which models can be used with each operation here: https://go.microsoft.com/fwlink/?linkid=2197993."}}""")]
    public async Task A_wrong_address_is_refused_word_for_word(string path, int status, string body)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.PostAsync(simulator.Http.BaseAddress!.ToString().TrimEnd('/') + path, Ask("Hello"));

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.TextAsync()).ShouldBe(body);
        (await simulator.ServedAsync()).Total("failed").ShouldBe(1);
    }

    [Theory]
    [InlineData("gpt-4o", """{"messages":"hi"}""", "Invalid type for 'messages': expected an array, but got a string instead.", "messages", "invalid_type")]
    [InlineData("gpt-4o", """{}""", "Missing required parameter: 'messages'.", "messages", "missing_required_parameter")]
    [InlineData("gpt-4o", """{"messages":[]}""", "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages", "empty_array")]
    [InlineData("gpt-4o", """{"messages":[{"role":"boss","content":"x"}]}""", "Invalid value: 'boss'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", "messages[0].role", "invalid_value")]
    [InlineData("gpt-4o", """{"messages":[{"role":"user","content":"x"}],"max_tokens":"9"}""", "Invalid type for 'max_tokens': expected an integer, but got a string instead.", "max_tokens", "invalid_type")]
    [InlineData("gpt-4o", """{"messages":[{"role":"user","content":"x"}],"max_tokens":0}""", "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.", "max_tokens", "integer_below_min_value")]
    [InlineData("gpt-4o", """{"messages":[{"role":"user","content":"x"}],"max_tokens":16385}""", "max_tokens is too large: 16385. This model supports at most 16384 completion tokens, whereas you provided 16385.", "max_tokens", "invalid_value")]
    [InlineData("gpt-4o", """{"messages":[{"role":"user","content":"x"}],"max_tokens":1,"max_completion_tokens":1}""", "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", null, "invalid_parameter_combination")]
    [InlineData("gpt-4o", """{"messages":[{"role":"user","content":"x"}],"n":129}""", "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 129 instead.", "n", "integer_above_max_value")]
    [InlineData("gpt-4o", """{"messages":[{"role":"user","content":"x"}],"temperature":2.5}""", "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.", "temperature", "decimal_above_max_value")]
    [InlineData("gpt-4o", """{"messages":[{"role":"user","content":"x"}],"stop_sequence":"x"}""", "Unrecognized request argument supplied: stop_sequence", null, null)]
    [InlineData("gpt-4o", """{"messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_object"}}""", "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages", null)]
    [InlineData("gpt-4", """{"messages":[{"role":"user","content":"x"}],"max_tokens":8190}""", "This model's maximum context length is 8192 tokens. However, you requested 8198 tokens (8 in the messages, 8190 in the completion). Please reduce the length of the messages or completion.", "messages", "context_length_exceeded")]
    [InlineData("o3-mini", """{"messages":[{"role":"user","content":"x"}],"max_tokens":9}""", "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter")]
    [InlineData("gpt-5", """{"messages":[{"role":"user","content":"x"}],"temperature":0}""", "Unsupported value: 'temperature' does not support 0.0 with this model. Only the default (1) value is supported.", "temperature", "unsupported_value")]
    [InlineData("o1", """{"messages":[{"role":"user","content":"x"}],"top_p":0.5}""", "Unsupported parameter: 'top_p' is not supported with this model.", "top_p", "unsupported_parameter")]
    public async Task A_wrong_body_is_refused_in_the_shape_of_the_model(string deployment, string body, string message, string? param, string? code)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.ChatAsync(body, deployment, "2024-12-01-preview");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.TextAsync()).ShouldBe(
            $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":{{{Quoted(param)}}},"code":{{{Quoted(code)}}}}}""");
        (await simulator.ServedAsync()).Total("promptTokens").ShouldBe(0);
    }

    [Fact]
    public async Task A_prompt_beyond_the_context_is_refused()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.ChatAsync(Ask(string.Concat(Enumerable.Repeat("word ", 9_000))), "gpt-4");

        (await answer.TextAsync()).ShouldStartWith("""{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9008 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""");
    }

    [Theory]
    [InlineData("{\"messages\":")]
    [InlineData("""{"messages":[{"role":"user","content":"half a pair: \ud83d"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}],"\uD800":1}""")]
    public async Task What_is_not_json_or_no_text_is_not_parsed(string body)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.ChatAsync(body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.TextAsync()).ShouldStartWith("{\"error\":{\"message\":\"We could not parse the JSON body of your request.");
    }

    [Theory]
    [InlineData("/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", """{"messages":[{"role":"user","content":"Grüße"}]}""")]
    [InlineData("/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", """{"messages":[{"role":"user","content":"Hello"}],"größe":1}""")]
    [InlineData("/openai/v1/chat/completions", """{"messages":[{"role":"user","content":"Hello"}],"model":"größe"}""")]
    public async Task What_is_no_utf8_is_not_parsed(string path, string body)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.Http.PostAsync(path, new ByteArrayContent(Encoding.Latin1.GetBytes(body)));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.TextAsync()).ShouldStartWith("{\"error\":{\"message\":\"We could not parse the JSON body of your request.");
    }

    [Fact]
    public async Task A_request_id_of_the_clients_that_no_answer_can_carry_is_not_echoed()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = simulator.Http.BaseAddress };
        http.DefaultRequestHeaders.Add("api-key", "any");
        http.DefaultRequestHeaders.Add("x-ms-client-request-id", "größe");

        using var answer = await http.PostAsync(Chat + "?api-version=2024-10-21", new StringContent(Ask("Hello")));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Contains("x-ms-client-request-id").ShouldBeFalse();
    }

    [Theory]
    [InlineData("stream_options", "\"stream\":true,\"stream_options\":{\"include_usage\":true}", "2024-08-01-preview", 400)]
    [InlineData("stream_options", "\"stream\":true,\"stream_options\":{\"include_usage\":true}", "2024-09-01-preview", 200)]
    [InlineData("stream_options", "\"stream\":true,\"stream_options\":{\"include_usage\":true}", "2024-10-21", 200)]
    [InlineData("tools", "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", "2023-05-15", 404)]
    [InlineData("tools", "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", "2024-02-01", 200)]
    public async Task A_field_came_with_a_version(string name, string fields, string version, int status)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.ChatAsync(Ask("Hello", fields), version: version);

        ((int)answer.StatusCode).ShouldBe(status);
        if (status != 200)
            (await answer.TextAsync()).ShouldBe($$$"""{"error":{"message":"Unrecognized request argument supplied: {{{name}}}","type":"invalid_request_error","param":null,"code":null}}""");
    }

    [Fact]
    public async Task A_prompt_that_the_filter_refuses_is_billed_for_the_prompt()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.ChatAsync(Ask("[[content-filter]]"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.TextAsync()).ShouldStartWith("""{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI’s content management policy. Please modify your prompt and retry.""");
        (await simulator.ServedAsync()).Total("promptTokens").ShouldBeGreaterThan(0);
    }

    private static string Quoted(string? text) => text is null ? "null" : $"\"{text}\"";
}
