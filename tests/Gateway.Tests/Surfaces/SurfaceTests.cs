using System.Net.Http.Headers;

namespace OpenAIProxy.Gateway.Tests.Surfaces;

/// <summary>The URLs that clients write, on every surface.</summary>
public sealed class SurfaceTests : IAsyncLifetime
{
    private const string Version = "?api-version=2024-06-01";
    private const string Named = """{"model":"gpt-4","messages":[{"role":"user","content":"hello"}]}""";

    private readonly GatewayUnderTest gateway = new() { Options = new GatewayOptions { BasePaths = ["/ai/eu"] } };

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    public static TheoryData<string> Bases => ["", "/v1", "/api/v1", "/v1/api", "/ai/eu", "/events/hackathon", "/events/hackathon/api/v1", "/events/HACKATHON/v1"];

    [Theory]
    [MemberData(nameof(Bases))]
    public async Task Azures_paths_name_the_model_behind_any_base(string basePath)
    {
        foreach (var path in new[] { "/openai/deployments/gpt-4/chat/completions", "/deployments/gpt-4/chat/completions" })
            (await gateway.Client.AskAsync(basePath + path + Version, Asking.Hello, header: "api-key")).Status.ShouldBe(200, basePath + path);

        (await gateway.Simulator.RequestsAsync()).ShouldAllBe(r => r.Path == "/openai/deployments/gpt-4/chat/completions" && r.Query == Version);
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public async Task Paths_without_a_deployment_take_the_model_of_the_body_behind_any_base(string basePath)
    {
        foreach (var path in new[] { "/openai/v1/chat/completions", "/chat/completions", "/openai/v1/chat/completions?api-version=preview" })
            (await gateway.Client.AskAsync(basePath + path, Named, "Bearer hackathon/ann", "Authorization")).Status.ShouldBe(200, basePath + path);

        (await gateway.Simulator.RequestsAsync()).ShouldAllBe(r => r.Path == "/openai/deployments/gpt-4/chat/completions" && r.Query == "?api-version=2024-10-21");
    }

    [Theory]
    [InlineData("/openai/deployments/gpt-3.5-turbo-instruct/completions?api-version=2022-12-01", """{"prompt":"Once"}""", "text_completion")]
    [InlineData("/openai/deployments/text-embedding-3-small/embeddings?api-version=2023-05-15", """{"input":"hello"}""", "list")]
    [InlineData("/openai/v1/completions", """{"model":"gpt-3.5-turbo-instruct","prompt":"Once"}""", "text_completion")]
    [InlineData("/openai/v1/embeddings", """{"model":"text-embedding-3-small","input":"hello"}""", "list")]
    [InlineData("/v1/completions", """{"model":"gpt-3.5-turbo-instruct","prompt":"Once"}""", "text_completion")]
    [InlineData("/v1/embeddings", """{"model":"text-embedding-3-small","input":"hello"}""", "list")]
    [InlineData("/v1/engines/gpt-3.5-turbo-instruct/completions", """{"prompt":"Once"}""", "text_completion")]
    [InlineData("/v1/engines/text-embedding-3-small/embeddings", """{"input":"hello"}""", "list")]
    [InlineData("/v1/engines/gpt-4/chat/completions", Asking.Hello, "chat.completion")]
    [InlineData("//openai/deployments/gpt-4/chat/completions?api-version=2023-05-15", Asking.Hello, "chat.completion")]
    [InlineData("/api/v1//openai//deployments/gpt-4/chat/completions?api-version=2023-05-15", Asking.Hello, "chat.completion")]
    [InlineData("/openai/deployments/gpt-3.5-turbo/chat/completions?api-version=2023-05-15", Asking.Hello, "chat.completion")]
    public async Task Every_operation_is_on_every_surface(string path, string body, string @object)
    {
        // Put together as the clients do it: a path that begins with two slashes is else taken for a host.
        var answer = await gateway.Client.AskAsync(gateway.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, body, "Bearer hackathon/ann", "Authorization");

        answer.Status.ShouldBe(200, answer.Body);
        answer.Json.GetProperty("object").GetString().ShouldBe(@object);
    }

    [Fact]
    public async Task Models_whose_names_are_escaped_are_found_as_each_client_escapes_them()
    {
        await gateway.AddModelAsync(new Domain.Catalog.Model
        {
            Name = "my dep/x+y",
            Family = Domain.Catalog.ModelFamily.Chat,
            Operations = [Domain.Catalog.Operation.ChatCompletions],
            ContextWindow = 1_000,
            MaxOutput = 100,
        });

        foreach (var name in new[] { "my+dep%2Fx%2By", "my%20dep%2Fx%2By", "my%20dep%2fx+y" })
            (await gateway.Client.AskAsync($"/openai/deployments/{name}/chat/completions{Version}", Asking.Hello)).Code.ShouldBe("backend_misconfigured", name);

        // The simulator has no deployment of that name; that it was asked for it is what matters.
        (await gateway.Simulator.RequestsAsync()).ShouldAllBe(r => r.Path == "/openai/deployments/my%20dep%2Fx%2By/chat/completions" || r.Path == "/openai/deployments/my dep%2Fx+y/chat/completions");
    }

    [Fact]
    public async Task The_paths_model_counts_and_not_the_bodys()
    {
        (await gateway.Client.AskAsync("/openai/deployments/gpt-4/chat/completions" + Version, Named.Replace("gpt-4", "gpt-99", StringComparison.Ordinal))).Status.ShouldBe(200);

        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Path.ShouldContain("/gpt-4/");
    }

    [Fact]
    public async Task The_path_of_chats_early_extensions_is_that_of_chat()
    {
        await gateway.Client.AskAsync("/openai/deployments/gpt-4/extensions/chat/completions?api-version=2023-08-01-preview", Asking.Hello);

        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Path.ShouldBe("/openai/deployments/gpt-4/chat/completions");
    }

    [Theory]
    [InlineData("", 404, "404")]
    [InlineData("?api-version=", 404, "404")]
    [InlineData("?api-version=2024-10-21&api-version=2024-06-01", 404, "404")]
    [InlineData("?api-version=2019-01-01", 400, "BadRequest")]
    [InlineData("?api-version=2024-10-21%26x", 400, "BadRequest")]
    [InlineData("?api-version=../../x", 400, "BadRequest")]
    public async Task An_api_version_is_wanted_on_dated_paths_as_azure_wants_it(string query, int status, string code)
    {
        (await gateway.Client.AskAsync("/openai/deployments/gpt-4/chat/completions" + query, Asking.Hello)).ShouldBeRefusal(status, code);
        using var models = new HttpRequestMessage(HttpMethod.Get, "/openai/models" + query) { Headers = { { "api-key", "hackathon/ann" } } };
        (await gateway.Client.AskAsync(models)).ShouldBeRefusal(status, code);
    }

    [Theory]
    [InlineData("2023-03-15-preview")]
    [InlineData("2023-03-15-Preview")]
    [InlineData("2023-07-01-preview")]
    public async Task A_version_that_azure_has_retired_is_served_with_the_backends_own(string version)
    {
        (await gateway.Client.AskAsync($"/openai/deployments/gpt-4/chat/completions?api-version={version}", Asking.Hello)).Status.ShouldBe(200);

        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Query.ShouldBe("?api-version=2024-10-21");
    }

    [Fact]
    public async Task A_version_that_azure_has_is_the_one_that_the_backend_is_asked_for_however_it_is_written()
    {
        string[] versions =
        [
            "2023-05-15", "2024-02-01", "2024-06-01", "2024-10-21", "2024-02-15-preview", "2024-03-01-preview", "2024-04-01-preview", "2024-05-01-preview", "2024-07-01-preview",
            "2024-08-01-preview", "2024-09-01-preview", "2024-10-01-preview", "2024-12-01-preview", "2025-01-01-preview", "2025-02-01-preview", "2025-03-01-preview", "2025-04-01-preview",
        ];
        foreach (var version in versions.Select(v => $"?api-version={v}").Append("?API-Version=2025-01-01-PREVIEW"))
            (await gateway.Client.AskAsync("/openai/deployments/gpt-4/chat/completions" + version, Asking.Hello)).Status.ShouldBe(200, version);

        (await gateway.Simulator.RequestsAsync()).Select(r => r.Query[13..]).ShouldBe(versions.Append("2025-01-01-preview"));
    }

    [Theory]
    [InlineData("/openai/deployments/gpt-4/chat/completions")]
    [InlineData("/deployments/gpt-4/chat/completions")]
    public async Task A_version_from_before_the_call_is_the_callers_to_change(string path)
    {
        var answer = await gateway.Client.AskAsync(path + "?api-version=2022-12-01", Asking.Hello);

        answer.ShouldBeRefusal(404, "404");
        answer.Message.ShouldContain("2023-03-15-preview");
        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_old_version_is_not_asked_for_what_it_does_not_know()
    {
        await gateway.Client.AskAsync("/openai/deployments/gpt-4/chat/completions?api-version=2023-05-15", """{"stream":true,"messages":[{"role":"user","content":"hello"}]}""");

        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Field("stream_options").ShouldBeNull();
    }

    [Theory]
    [InlineData("/events/other/v1/chat/completions", "hackathon/ann")]
    [InlineData("/events/nothing/v1/chat/completions", "hackathon/ann")]
    public async Task A_path_that_names_another_event_than_the_credential_is_refused(string path, string credential)
    {
        await gateway.AddEventAsync("other");

        (await gateway.Client.AskAsync(path, Asking.Hello, credential)).ShouldBeRefusal(403, "other_event");
        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/models", "id")]
    [InlineData("/api/v1/models", "id")]
    [InlineData("/openai/v1/models", "id")]
    [InlineData("/openai/models" + Version, "lifecycle_status")]
    [InlineData("/openai/deployments" + Version, "scale_settings")]
    [InlineData("/api/v1/openai/deployments" + Version, "scale_settings")]
    public async Task Lists_have_what_the_caller_may_use_in_the_shape_of_their_path(string path, string field)
    {
        await gateway.AddEventAsync("small", e => e with { Models = ["gpt-35-turbo"], Defaults = new Dictionary<Domain.Catalog.Operation, string>() });

        var all = await GetAsync(path, "hackathon/ann");
        var few = await GetAsync(path, "small/ann");

        all.Status.ShouldBe(200);
        all.Json.GetProperty("object").GetString().ShouldBe("list");
        all.Json.GetProperty("data").EnumerateArray().ShouldAllBe(m => m.EnumerateObject().Any(p => p.Name == field));
        all.Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ShouldContain("gpt-4o");
        few.Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()).ShouldBe(["gpt-35-turbo", "gpt-3.5-turbo"]);
        (await GetAsync(path, null)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Azures_lists_say_what_each_model_can_do_and_which_it_is()
    {
        var models = (await GetAsync("/openai/models" + Version, "hackathon/ann")).Json.GetProperty("data").EnumerateArray().ToDictionary(m => m.GetProperty("id").GetString()!);
        var deployments = (await GetAsync("/openai/deployments" + Version, "hackathon/ann")).Json.GetProperty("data").EnumerateArray().ToDictionary(d => d.GetProperty("id").GetString()!);

        models["gpt-3.5-turbo"].GetProperty("capabilities").GetRawText().ShouldBe("""{"fine_tune":false,"inference":true,"completion":false,"chat_completion":true,"embeddings":false}""");
        models["gpt-3.5-turbo-instruct"].GetProperty("capabilities").GetProperty("completion").GetBoolean().ShouldBeTrue();
        models["text-embedding-3-small"].GetProperty("capabilities").GetProperty("embeddings").GetBoolean().ShouldBeTrue();
        deployments["gpt-3.5-turbo"].GetProperty("model").GetString().ShouldBe("gpt-35-turbo");
    }

    [Theory]
    [InlineData("/openai/deployments/gpt-4o/images/generations")]
    [InlineData("/openai/deployments/gpt-4o/audio/transcriptions")]
    [InlineData("/openai/deployments/gpt-4o/batches")]
    [InlineData("/api/v1/openai/deployments/gpt-4o/responses")]
    public async Task A_call_that_there_is_not_is_a_404_that_lists_those_there_are(string path)
    {
        var answer = await gateway.Client.AskAsync(path + Version, Asking.Hello);

        answer.ShouldBeRefusal(404, "not_found");
        answer.Message.ShouldContain("/v1/embeddings");
    }

    [Theory]
    [InlineData("/v1/models/org%2Fmy-model")]
    [InlineData("/v1/models/org/my-model")]
    [InlineData("/openai/models/org%2fmy-model" + Version)]
    [InlineData("/openai/deployments/org%2Fmy-model" + Version)]
    public async Task A_model_with_a_slash_in_its_name_is_shown(string path)
    {
        await gateway.AddModelAsync(new Domain.Catalog.Model
        {
            Name = "org/my-model",
            Family = Domain.Catalog.ModelFamily.Chat,
            Operations = [Domain.Catalog.Operation.ChatCompletions],
            ContextWindow = 1_000,
            MaxOutput = 100,
        });

        (await GetAsync(path, "hackathon/ann")).Json.GetProperty("id").GetString().ShouldBe("org/my-model");
    }

    [Fact]
    public async Task A_single_model_is_shown_or_is_a_404()
    {
        (await GetAsync("/v1/models/gpt-3.5-turbo", "hackathon/ann")).Json.GetProperty("id").GetString().ShouldBe("gpt-3.5-turbo");
        (await GetAsync("/v1/models/GPT-3.5-Turbo", "hackathon/ann")).Json.GetProperty("id").GetString().ShouldBe("gpt-3.5-turbo");
        (await GetAsync("/v1/models/gpt-99", "hackathon/ann")).ShouldBeRefusal(404, "model_not_found");
        (await GetAsync("/v1/models/gpt-4o", null)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_trace_goes_on_upstream()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        using var request = Asking.Post(Asking.Chat, Asking.Hello);
        request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");

        await gateway.Client.AskAsync(request);

        (await gateway.Simulator.RequestsAsync()).ShouldHaveSingleItem().Headers.GetProperty("traceparent").GetString()!.ShouldContain(trace);
    }

    private async Task<Answer> GetAsync(string path, string? credential)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (credential is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        return await gateway.Client.AskAsync(request);
    }
}
