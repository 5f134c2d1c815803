using System.Text;

namespace OpenAIProxy.Gateway.Tests.Surfaces;

public sealed class EventSurfaceTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData(Asking.Chat, """{"messages":[{"role":"user","content":"hello"}]}""", "gpt-4o", "chat.completion")]
    [InlineData(Asking.Completions, """{"prompt":"Once upon a time"}""", "gpt-3.5-turbo-instruct", "text_completion")]
    [InlineData(Asking.Embeddings, """{"input":"hello"}""", "text-embedding-3-small", "list")]
    [InlineData("/api/v1/ebeddings", """{"input":"hello"}""", "text-embedding-3-small", "list")]
    public async Task A_body_without_a_model_gets_the_events_default_for_the_operation(string path, string body, string deployment, string @object)
    {
        var answer = await gateway.Client.AskAsync(path, body);

        answer.Status.ShouldBe(200);
        answer.Json.GetProperty("object").GetString().ShouldBe(@object);
        (await OnlyRequestAsync()).Path.ShouldStartWith($"/openai/deployments/{deployment}/");
    }

    [Theory]
    [InlineData("gpt-4", "gpt-4")]
    [InlineData("gpt-3.5-turbo", "gpt-35-turbo")]
    [InlineData("GPT-4o-Mini", "gpt-4o-mini")]
    public async Task A_model_or_alias_of_the_event_is_honoured(string model, string deployment)
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, $$"""{"model":"{{model}}","messages":[]}""".Replace("[]", """[{"role":"user","content":"hi"}]"""));

        answer.Status.ShouldBe(200);
        (await OnlyRequestAsync()).Path.ShouldBe($"/openai/deployments/{deployment}/chat/completions");
    }

    [Fact]
    public async Task Another_model_is_refused_with_the_list_of_those_there_are()
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, """{"model":"gpt-99","messages":[]}""");

        answer.Status.ShouldBe(404);
        answer.Code.ShouldBe("model_not_found");
        answer.Message.ShouldContain("gpt-4o, gpt-4o-mini, gpt-4, gpt-4-32k, gpt-35-turbo, gpt-3.5-turbo-instruct, text-embedding-3-small");
        answer.Message.ShouldNotContain("gpt-99");
    }

    [Fact]
    public async Task A_model_without_the_operation_is_refused_with_the_list_of_those_that_have_it()
    {
        var answer = await gateway.Client.AskAsync(Asking.Embeddings, """{"model":"gpt-4o","input":"hello"}""");

        answer.Status.ShouldBe(400);
        answer.Code.ShouldBe("operation_not_supported");
        answer.Message.ShouldContain("text-embedding-3-small");
    }

    [Fact]
    public async Task An_event_without_a_default_asks_for_a_model()
    {
        await gateway.ChangeEventAsync(e => e with { Defaults = new Dictionary<Domain.Catalog.Operation, string>() });

        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        answer.Status.ShouldBe(400);
        answer.Code.ShouldBe("model_required");
        answer.Message.ShouldContain("gpt-4o");
    }

    [Fact]
    public async Task Limit_on_output_passes_through_where_there_is_no_output_to_limit()
    {
        const string body = """{"input":"hello","max_completion_tokens":5}""";

        await gateway.Client.AskAsync(Asking.Embeddings, body);

        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Body.ShouldBe(body);
    }

    [Fact]
    public async Task Fields_nobody_here_knows_pass_through_byte_for_byte()
    {
        const string body = """
            { "messages" : [ {"role":"user","content":"gr\u00fc\u00df dich – \"you\" \ud83d\ude00"} ] ,
              "max_tokens":  17, "temperature":0.70,"seed": 12345678901234567890, "user":"a/b:c",
              "response_format":{"type":"text"},"logit_bias":{"50256":-100},"x_unknown":[1.0,1e3,{"deep":[null,true]}], "x_unknown":2 }
            """;

        await gateway.Client.AskAsync(Asking.Chat, body);

        (await OnlyRequestAsync()).Body.ShouldBe(body);
    }

    [Theory]
    [InlineData("""{"messages":[],"stop_sequence":"x","max_tokens":5}""", """{"messages":[],"stop":"x","max_tokens":5}""")]
    [InlineData("""{"stop_sequence":["x","y"],"messages":[],"max_tokens":5}""", """{"stop":["x","y"],"messages":[],"max_tokens":5}""")]
    [InlineData("""{"messages":[],"stop_sequence":"x","max_tokens":5,"stop":"y"}""", """{"messages":[],"max_tokens":5,"stop":"y"}""")]
    [InlineData("""{"stop_sequence":"x","messages":[],"max_tokens":5,"stop":null}""", """{"stop":"x","messages":[],"max_tokens":5}""")]
    [InlineData("""{"stop_sequence":null,"messages":[],"max_tokens":5}""", """{"messages":[],"max_tokens":5}""")]
    public async Task The_old_sdks_stop_sequence_becomes_stop(string sent, string expected)
    {
        const string messages = """[{"role":"user","content":"hi"}]""";

        await gateway.Client.AskAsync(Asking.Chat, sent.Replace("[]", messages, StringComparison.Ordinal));

        (await OnlyRequestAsync()).Body.ShouldBe(expected.Replace("[]", messages, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_header_takes_the_event_code()
    {
        foreach (var (header, prefix) in new[] { ("openai-event-code", ""), ("api-key", ""), ("Authorization", "Bearer "), ("Authorization", "bearer "), ("Authorization", "") })
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, prefix + "hackathon/ann", header)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_backend_sees_its_own_key_and_api_version_and_nothing_of_the_callers_credentials()
    {
        using var request = Asking.Post(Asking.Chat + "?api-version=2023-07-01-preview&x=%26", Asking.Hello);
        request.Headers.Add("Cookie", "secret=1");
        request.Headers.Add("x-forwarded-for", "1.2.3.4");
        request.Headers.Add("x-ms-client-request-id", "mine");
        var answer = await gateway.Client.AskAsync(request);

        var seen = await OnlyRequestAsync();
        seen.Query.ShouldBe("?api-version=2024-10-21");
        seen.Headers.EnumerateObject().Select(h => h.Name).Order()
            .ShouldBe(["api-key", "content-length", "content-type", "host", "x-ms-client-request-id"], ignoreOrder: true);
        answer.Header("x-ms-client-request-id").ShouldBe("mine");
    }

    [Theory]
    [InlineData("x-ms-client-request-id")]
    [InlineData("OpenAI-Beta")]
    [InlineData("tracestate")]
    public async Task A_header_with_other_characters_than_ascii_stays_here_because_a_backend_may_stumble_over_it(string header)
    {
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 }) { BaseAddress = gateway.Client.BaseAddress };
        // As bytes these are Latin-1 and UTF-8.
        foreach (var value in new[] { "\u00e9", "\u00c3\u00a9" })
        {
            using var request = Asking.Post(Asking.Chat, Asking.Hello);
            request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            request.Headers.TryAddWithoutValidation(header, value);

            (await client.AskAsync(request)).Status.ShouldBe(200);
        }

        (await gateway.Simulator.RequestsAsync()).ShouldAllBe(r => r.Headers.EnumerateObject().All(h => !h.NameEquals(header)));
    }

    [Fact]
    public async Task Headers_that_clients_rely_on_come_back_and_those_that_reveal_the_backend_do_not()
    {
        var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        answer.Header("x-ms-region").ShouldNotBeNull();
        answer.Header("x-backend-request-id").ShouldNotBeNull();
        Guid.TryParse(answer.Header("x-request-id"), out _).ShouldBeTrue();
        foreach (var name in new[] { "apim-request-id", "x-ms-deployment-name", "x-ratelimit-remaining-tokens", "x-ms-oai-backend-host", "server" })
            answer.Header(name).ShouldBeNull();
    }

    [Fact]
    public async Task What_azure_says_of_the_model_and_the_request_comes_back_and_nothing_beside_it()
    {
        string[] passed = ["azureml-model-session", "openai-model", "openai-processing-ms", "openai-version", "x-ms-rai-invoked", "x-ms-region"];
        var headers = passed.Concat(["Retry-After", "retry-after-ms", "x-ms-retry-after-ms", "x-ratelimit-limit-unknown", "Set-Cookie", "openai-organization", "x-envoy-upstream"])
            .ToDictionary(name => name, name => $"of {name}");
        foreach (var status in new[] { 200, 400 })
        {
            await gateway.Simulator.FailAsync(new { kind = "status", status, headers, body = new { error = new { message = "no" } } });

            var answer = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

            answer.Status.ShouldBe(status);
            headers.Keys.Where(name => answer.Header(name) == headers[name]).ShouldBe(passed);
        }
    }

    [Fact]
    public async Task A_base_path_of_the_backend_is_kept()
    {
        await gateway.ChangeAsync(async change => await change.Backends.PutAsync(
            (await change.Backends.GetAsync("simulator"))! with { Endpoint = gateway.Simulator.Address + "some/base/" }));

        await gateway.Client.AskAsync(Asking.Chat, Asking.Hello);

        (await OnlyRequestAsync()).Path.ShouldBe("/some/base/openai/deployments/gpt-4o/chat/completions");
    }

    private async Task<SimulatedRequest> OnlyRequestAsync() => (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem();
}
