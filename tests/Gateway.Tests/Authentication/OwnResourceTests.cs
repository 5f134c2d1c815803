using System.Text.Json;

namespace OpenAIProxy.Gateway.Tests.Authentication;

/// <summary>Callers who bring a resource of their own: <c>RESOURCE_ID:MAPPING:API_KEY[:API_VERSION]</c>.</summary>
public sealed class OwnResourceTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";
    private const string Named = """{"model":"gpt-3.5-turbo","messages":[{"role":"user","content":"hello"}]}""";
    private const string Streamed = """{"model":"gpt-3.5-turbo","stream":true,"max_tokens":3,"messages":[{"role":"user","content":"hello"}]}""";
    private const string Overloaded = "That model is currently overloaded with other requests. You can retry your request.";

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public OwnResourceTests() => gateway = new GatewayUnderTest { Time = time };

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("mine:gpt-35-turbo:key", "gpt-35-turbo", "2024-02-01")]
    [InlineData("mine:gpt-35-turbo:key:2024-06-01", "gpt-35-turbo", "2024-06-01")]
    [InlineData("mine:gpt-4|gpt-4,gpt-3.5-turbo|gpt-35-turbo:key", "gpt-35-turbo", "2024-02-01")]
    [InlineData("mine:gpt-4|gpt-4-32k,gpt-4o|gpt-4o:key", "gpt-4-32k", "2024-02-01")]
    [InlineData("mine:gpt-4|gpt-4:key", "gpt-4", "2024-02-01")]
    public async Task The_mapping_names_the_deployment_and_the_first_pair_answers_for_what_it_does_not_name(string key, string deployment, string version)
    {
        foreach (var prefix in new[] { "Bearer ", "" })
            (await gateway.Client.AskAsync(Chat, Named, prefix + key, "Authorization")).Status.ShouldBe(200);

        (await gateway.Simulator.RequestsAsync()).ShouldAllBe(r =>
            r.Path == $"/openai/deployments/{deployment}/chat/completions" && r.Query == $"?api-version={version}"
            && r.Headers.GetProperty("api-key").GetString() != null && r.Body == Named);
    }

    [Fact]
    public async Task What_is_asked_of_it_goes_up_byte_for_byte_with_fields_that_an_event_would_change()
    {
        const string body = """{"model":"gpt-4o", "stream":true,"stream_options":{},"stop_sequence":"x","max_completion_tokens":4,"n":1,"messages":[{"role":"user","content":"hello"}]}""";

        await gateway.Client.AskAsync(Chat, body, "Bearer mine:gpt-4o:key", "Authorization");

        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Body.ShouldBe(body);
    }

    [Fact]
    public async Task Whole_answer_of_it_is_not_waited_for_once_its_client_has_gone_because_nobody_here_counts_it()
    {
        await gateway.Simulator.FailAsync(new { kind = "hang" });
        using var hangUp = new CancellationTokenSource();
        using var request = Asking.Post(Chat, Named, "Bearer mine:gpt-4:key", "Authorization");
        var asking = gateway.Client.SendAsync(request, hangUp.Token);
        await gateway.Simulator.StartedAsync(1);

        await hangUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem().ShouldContain("Status=499");
        (await gateway.Simulator.EndedAsync(1)).ShouldHaveSingleItem().State.ShouldBe("cancelled");
    }

    [Theory]
    [InlineData("/v1/completions", """{"model":"a","prompt":"Once"}""", "mine:a|gpt-3.5-turbo-instruct:key")]
    [InlineData("/v1/embeddings", """{"model":"a","input":"Once"}""", "mine:a|text-embedding-3-small:key")]
    [InlineData("/openai/deployments/a/chat/completions?api-version=2024-06-01", Asking.Hello, "mine:a|gpt-4:key")]
    [InlineData(Asking.Chat, Asking.Hello, "mine:a|gpt-4:key")]
    public async Task It_is_taken_for_every_operation_on_every_surface(string path, string body, string key) =>
        (await gateway.Client.AskAsync(path, body, "Bearer " + key, "Authorization")).Status.ShouldBe(200);

    [Theory]
    [InlineData("mine:", "parts")]
    [InlineData("mine:dep", "parts")]
    [InlineData("mine:dep:key:2024-02-01:more", "parts")]
    [InlineData(":dep:key", "resource id")]
    [InlineData("-mine:dep:key", "resource id")]
    [InlineData("a.b:dep:key", "resource id")]
    [InlineData("evil.example#:dep:key", "resource id")]
    [InlineData("evil.example?:dep:key", "resource id")]
    [InlineData("user@evil:dep:key", "resource id")]
    [InlineData("evil\\x:dep:key", "resource id")]
    [InlineData("127.0.0.1:dep:key", "resource id")]
    [InlineData("[::1]:dep:key", "parts")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:dep:key", "resource id")]
    [InlineData("mine::key", "mapping")]
    [InlineData("mine:..:key", "mapping")]
    [InlineData("mine:.:key", "mapping")]
    [InlineData("mine:a|..:key", "mapping")]
    [InlineData("mine:a|b|c:key", "mapping")]
    [InlineData("mine:a|:key", "mapping")]
    [InlineData("mine:|b:key", "mapping")]
    [InlineData("mine:a|b,:key", "mapping")]
    [InlineData("mine:a|b,c:key", "mapping")]
    [InlineData("mine:de/p:key", "mapping")]
    [InlineData("mine:de p:key", "mapping")]
    [InlineData("mine:de%2Fp:key", "mapping")]
    [InlineData("mine:dep?x:key", "mapping")]
    [InlineData("mine:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:key", "mapping")]
    [InlineData("mine:dep:", "API key")]
    [InlineData("mine:dep:ke y", "API key")]
    [InlineData("mine:dep:key:", "api-version")]
    [InlineData("mine:dep:key:2024&x=1", "api-version")]
    [InlineData("mine:dep:key:2024 06", "api-version")]
    [InlineData("mine:dep:key:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "api-version")]
    public async Task A_malformed_key_is_a_401_that_says_which_part_is_wrong(string key, string part)
    {
        using var request = Asking.Post(Chat, Named, null);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);

        var answer = await gateway.Client.AskAsync(request);

        answer.ShouldBeRefusal(401, "credential_malformed");
        answer.Message.ShouldContain(part);
        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(100, 200)]
    [InlineData(101, 401)]
    public async Task A_mapping_has_a_hundred_pairs_at_most(int pairs, int status) => (await gateway.Client.AskAsync(
        Chat, Named, $"Bearer mine:{string.Join(',', Enumerable.Range(0, pairs).Select(i => $"model-{i}|gpt-4"))}:key", "Authorization")).Status.ShouldBe(status);

    [Theory]
    [InlineData("gpt-4|x,gpt-3.5-turbo|y", "gpt-4 gpt-3.5-turbo")]
    [InlineData("my-deployment", "my-deployment")]
    public async Task The_list_of_models_is_the_mapping(string mapping, string models)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer mine:{mapping}:key");

        var listed = (await gateway.Client.AskAsync(request)).Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString());

        listed.ShouldBe(models.Split(' '));
    }

    [Fact]
    public async Task A_model_that_the_mapping_does_not_name_is_a_404_that_speaks_of_the_mapping()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models/gpt-99");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer mine:gpt-4|x,gpt-4o|y:key");

        var answer = await gateway.Client.AskAsync(request);

        answer.ShouldBeRefusal(404, "model_not_found");
        answer.Message.ShouldContain("mapping");
        answer.Message.ShouldContain("gpt-4, gpt-4o");
        answer.Message.ShouldNotContain("event");
    }

    [Fact]
    public async Task Failures_of_the_server_are_tried_again_after_a_second_three_times()
    {
        await gateway.Simulator.FailAsync(new { kind = "status", status = 500, times = 3 });

        var asking = gateway.Client.AskAsync(Chat, Named, "Bearer mine:gpt-4:key", "Authorization");
        for (var retry = 0; retry < 3; retry++)
            await PauseEndsAsync();

        (await asking).Status.ShouldBe(200);
        (await gateway.Simulator.RequestsAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_fourth_failure_is_azures_answer_as_it_is()
    {
        await gateway.Simulator.FailAsync(new { kind = "status", status = 503, times = 4 });

        var asking = gateway.Client.AskAsync(Chat, Named, "Bearer mine:gpt-4:key", "Authorization");
        for (var retry = 0; retry < 3; retry++)
            await PauseEndsAsync();

        (await asking).Status.ShouldBe(503);
        (await gateway.Simulator.RequestsAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_stream_that_begins_with_overload_is_tried_again_and_its_beginning_is_not_seen()
    {
        await gateway.Simulator.FailAsync(new { kind = "errorEvent", after = 0, @event = new { error = new { message = Overloaded, type = "server_error" } }, times = 1 });

        var asking = gateway.Client.AskAsync(Chat, Streamed, "Bearer mine:gpt-4:key", "Authorization");
        await PauseEndsAsync();
        var answer = await asking;

        answer.Status.ShouldBe(200);
        answer.Body.ShouldNotContain("overloaded");
        answer.Body.ShouldEndWith("data: [DONE]\n\n");
        (await gateway.Simulator.RequestsAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_whose_first_event_is_long_comes_whole()
    {
        var events = $$$"""data: {"choices":[{"index":0,"delta":{"content":"{{{new string('x', 30_000)}}}"}}]}""" + "\n\ndata: [DONE]\n\n";
        await gateway.Simulator.FailAsync(new { kind = "html", status = 200, contentType = "text/event-stream", body = events });

        (await gateway.Client.AskAsync(Chat, Streamed, "Bearer mine:gpt-4:key", "Authorization")).Body.ShouldBe(events);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task What_azure_says_to_them_is_theirs_and_is_not_tried_again(int status)
    {
        var headers = new Dictionary<string, string> { ["retry-after"] = "86400", ["retry-after-ms"] = "86400000", ["x-ms-retry-after-ms"] = "86400000" };
        await gateway.Simulator.FailAsync(new { kind = "status", status, headers });

        var answer = await gateway.Client.AskAsync(Chat, Named, "Bearer mine:gpt-4:key", "Authorization");

        answer.Status.ShouldBe(status);
        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem();
        (answer.Header("Retry-After"), answer.Header("retry-after-ms"), answer.Header("x-ms-retry-after-ms")).ShouldBe(("60", "60000", "60000"));
    }

    [Fact]
    public async Task Azures_rate_limit_headers_come_with_it()
    {
        var answer = await gateway.Client.AskAsync(Chat, Named, "Bearer mine:gpt-4:key", "Authorization");

        answer.Header("x-ratelimit-remaining-tokens").ShouldNotBeNull();
        answer.Header("x-ms-deployment-name").ShouldBeNull();
    }

    [Fact]
    public async Task Chunks_without_choices_are_left_out_of_their_streams_too()
    {
        var answer = await gateway.Client.AskAsync(Chat, Streamed, "Bearer mine:gpt-4:key", "Authorization");

        var chunks = answer.Body.Split("\n\n").Where(e => e.StartsWith("data: {", StringComparison.Ordinal)).Select(e => JsonDocument.Parse(e[6..]).RootElement);
        chunks.ShouldAllBe(c => c.GetProperty("choices").GetArrayLength() > 0);
        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Body.ShouldBe(Streamed);
    }

    [Fact]
    public async Task Where_it_is_off_such_a_key_is_none()
    {
        await using var off = await new GatewayUnderTest { Settings = s => s with { OwnResources = false } }.StartAsync();

        (await off.Client.AskAsync(Chat, Named, "Bearer mine:gpt-4:key", "Authorization")).ShouldBeRefusal(401, "credential_malformed");
        (await off.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_listed_resources_are_called_where_there_is_a_list()
    {
        await using var listed = await new GatewayUnderTest
        {
            Settings = s => s with { OwnResources = true },
            Options = new GatewayOptions { OwnResources = new OwnResourceOptions { Enabled = true, UrlTemplate = gateway.Simulator.Address + "{resource}/", Allowed = ["mine", "yours"] } },
        }.StartAsync();

        await listed.Client.AskAsync(Chat, Named, "Bearer Yours:gpt-4:key", "Authorization");
        (await listed.Client.AskAsync(Chat, Named, "Bearer theirs:gpt-4:key", "Authorization")).ShouldBeRefusal(401, "own_resource_not_allowed");

        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Path.ShouldBe("/Yours/openai/deployments/gpt-4/chat/completions");
    }

    [Fact]
    public async Task A_resource_that_cannot_be_reached_is_a_502_that_names_the_part_to_check()
    {
        await using var nowhere = await new GatewayUnderTest
        {
            Settings = s => s with { OwnResources = true },
            Options = new GatewayOptions { OwnResources = new OwnResourceOptions { Enabled = true, UrlTemplate = "http://127.0.0.1:1/{resource}" } },
        }.StartAsync();

        var answer = await nowhere.Client.AskAsync(Chat, Named, "Bearer mine:gpt-4:key", "Authorization");

        answer.ShouldBeRefusal(502, "backend_unreachable");
        answer.Message.ShouldContain("before the first ':'");
    }

    [Fact]
    public async Task A_resource_that_does_not_answer_in_time_is_a_504()
    {
        await gateway.Simulator.FailAsync(new { kind = "hang" });
        var asking = gateway.Client.AskAsync(Chat, Named, "Bearer mine:gpt-4:key", "Authorization");
        await gateway.Simulator.StartedAsync(1);

        time.Advance(gateway.Options.FirstByteTimeout);

        (await asking).ShouldBeRefusal(504, "backend_timeout");
        (await gateway.Log.RequestsEndedAsync(1)).ShouldHaveSingleItem().ShouldContain("Outcome=BackendBroke");
    }

    [Fact]
    public async Task The_key_is_in_no_log_no_metric_no_error_and_no_file()
    {
        const string secret = "canary5f1e0c7d";
        await gateway.Simulator.FailAsync(new { kind = "status", status = 400, times = 1 });
        var answers = new List<Answer>();
        foreach (var key in new[] { $"mine:gpt-4:{secret}", $"mine:gpt-4:{secret}", $"mine:..:{secret}", $"mine:gpt-4:{secret}:x y", $"{secret}.x:gpt-4:{secret}" })
            answers.Add(await gateway.Client.AskAsync(Chat, Named, "Bearer " + key, "Authorization"));
        await gateway.Log.RequestsEndedAsync(5);

        answers.Select(a => a.Status).ShouldBe([400, 200, 401, 401, 401]);
        answers.ShouldAllBe(a => !a.Body.Contains(secret, StringComparison.Ordinal));
        await gateway.ShouldNotHaveKeptAsync(secret);
    }

    private async Task PauseEndsAsync()
    {
        await time.UntilDueInAsync(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1));
    }
}
