using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>
/// Every official client, unmodified, at each endpoint it can be pointed at: what its user sees, and how often the server was asked.
/// </summary>
public sealed class OfficialClientTests(Stage stage) : IClassFixture<Stage>
{
    private const string ChatModel = "gpt-4o";
    private const string CompletionModel = "gpt-3.5-turbo-instruct";
    private const string EmbeddingModel = "text-embedding-3-small";
    private const string Poem = "a poem about elephants";

    private readonly GatewayUnderTest gateway = stage.Gateway;

    /// <summary>Client and endpoint, where the client has something for the case.</summary>
    public static TheoryData<string, string> With(Case @case)
    {
        var data = new TheoryData<string, string>();
        foreach (var client in OfficialClients.All.Where(c => !c.Lacks.ContainsKey(@case)))
            foreach (var endpoint in client.Endpoints)
                data.Add(client.Name, endpoint.Shown);
        return data;
    }

    [Theory]
    [MemberData(nameof(With), Case.Chat)]
    public async Task Chat_is_answered(string client, string endpoint)
    {
        var (seen, requests) = await AskAsync(client, endpoint, "chat", ChatModel);

        seen.Error.ShouldBeNull(seen.Message);
        seen.Text.ShouldNotBeNull().ShouldContain("elephants");
        seen.Tokens.ShouldBeGreaterThan(20);
        requests.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(With), Case.Stream)]
    public async Task Streamed_chat_comes_in_pieces(string client, string endpoint)
    {
        var (seen, requests) = await AskAsync(client, endpoint, "stream", ChatModel);

        seen.Error.ShouldBeNull(seen.Message);
        seen.Text.ShouldNotBeNull().ShouldContain("elephants");
        seen.Chunks.ShouldBeGreaterThan(20);
        requests.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(With), Case.Tools)]
    public async Task Tool_is_called_with_arguments(string client, string endpoint)
    {
        var (seen, requests) = await AskAsync(client, endpoint, "tools", ChatModel, $"Call {Order.Tool} for Paris");

        seen.Error.ShouldBeNull(seen.Message);
        seen.Tool.ShouldNotBeNull().Name.ShouldBe(Order.Tool);
        seen.Tool.Arguments.GetProperty("city").GetString().ShouldNotBeNullOrEmpty();
        requests.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(With), Case.Completions)]
    public async Task Prompt_is_completed(string client, string endpoint)
    {
        var (seen, requests) = await AskAsync(client, endpoint, "complete", CompletionModel);

        seen.Error.ShouldBeNull(seen.Message);
        seen.Text.ShouldNotBeNullOrWhiteSpace();
        requests.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(With), Case.Embeddings)]
    public async Task Text_is_embedded(string client, string endpoint)
    {
        var (seen, requests) = await AskAsync(client, endpoint, "embed", EmbeddingModel);

        seen.Error.ShouldBeNull(seen.Message);
        seen.Vector.ShouldNotBeNull().Count.ShouldBe(1536);
        // Wherever it was packed and unpacked on its way, it is a vector of length one.
        seen.Vector.Sum(v => (double)v * v).ShouldBe(1, 0.001);
        requests.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(With), Case.WrongKey)]
    public async Task Wrong_key_is_an_error_and_is_not_tried_again(string client, string endpoint)
    {
        var credential = EndpointOf(client, endpoint).HasKey ? stage.RevokedKey : "no-such-event/ann";
        var (seen, requests) = await AskAsync(client, endpoint, "chat", ChatModel, credential: credential);

        seen.Error.ShouldBe(OfficialClients.Named(client).WrongKey);
        seen.Status.ShouldBe(401);
        seen.Message.ShouldNotBeNull().ShouldContain("not known here");
        requests.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(With), Case.EventOver)]
    public async Task Event_that_is_over_is_an_error_and_is_not_tried_again(string client, string endpoint)
    {
        var credential = EndpointOf(client, endpoint).HasKey ? stage.KeyOfOver : $"{Stage.Over}/ann";
        var (seen, requests) = await AskAsync(client, endpoint, "chat", ChatModel, credential: credential);

        seen.Error.ShouldBe(OfficialClients.Named(client).EventOver);
        seen.Status.ShouldBe(403);
        seen.Message.ShouldNotBeNull().ShouldContain("2024-03-02");
        requests.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(With), Case.LimitReached)]
    public async Task Limit_that_is_reached_for_good_is_an_error_and_is_not_tried_again(string client, string endpoint)
    {
        var credential = EndpointOf(client, endpoint).HasKey ? stage.KeyOfSpent : $"{Stage.Spent}/ann";
        var (seen, requests) = await AskAsync(client, endpoint, "chat", ChatModel, credential: credential);

        seen.Error.ShouldBe(OfficialClients.Named(client).EventOver);
        seen.Status.ShouldBe(403);
        seen.Message.ShouldNotBeNull().ShouldContain("1 of 1 requests in this event");
        requests.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(With), Case.LimitForNow)]
    public async Task Limit_that_is_reached_for_a_moment_is_waited_for(string client, string endpoint)
    {
        await gateway.Simulator.ResetAsync();
        await gateway.Simulator.FailAsync(new { kind = "hold", times = 1 });
        var other = gateway.Client.AskAsync(Asking.Chat, Asking.Hello, $"{Stage.Narrow}/bob");
        await gateway.Simulator.HeldAsync(1);
        var refused = gateway.Log.UntilAsync(IsRefusedForNow, gateway.Log.Lines.Count(IsRefusedForNow) + 1);
        var credential = EndpointOf(client, endpoint).HasKey ? stage.KeyOfNarrow : $"{Stage.Narrow}/ann";

        var asking = AskAsync(client, endpoint, "chat", ChatModel, credential: credential);
        await refused;
        await gateway.Simulator.ReleaseAsync();
        var (seen, requests) = await asking;

        (await other).Status.ShouldBe(200);
        var expected = OfficialClients.Named(client).LimitForNow;
        seen.Error.ShouldBe(expected, seen.Message);
        seen.Status.ShouldBe(expected is null ? null : 429);
        requests.ShouldBe(expected is null ? 2 : 1);
    }

    [Theory]
    [MemberData(nameof(With), Case.Busy)]
    public async Task Backend_that_is_busy_for_a_moment_is_asked_once_more(string client, string endpoint)
    {
        var headers = new Dictionary<string, string> { ["retry-after-ms"] = "10" };
        var (seen, requests) = await AskAsync(client, endpoint, "chat", ChatModel, fault: new { kind = "status", body = "429-tokens", headers, times = 1 });

        var expected = OfficialClients.Named(client).Busy;
        seen.Error.ShouldBe(expected, seen.Message);
        seen.Status.ShouldBe(expected is null ? null : 503);
        requests.ShouldBe(expected is null ? 2 : 1);
    }

    [Theory]
    [MemberData(nameof(With), Case.BrokenStream)]
    public async Task Error_in_the_middle_of_a_stream_is_raised(string client, string endpoint)
    {
        var (seen, requests) = await AskAsync(client, endpoint, "stream", ChatModel, fault: new { kind = "errorEvent", after = 8 });

        seen.Chunks.ShouldBeGreaterThan(1);
        seen.Error.ShouldBe(OfficialClients.Named(client).BrokenStream, seen.Message);
        requests.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(With), Case.Cancellation)]
    public async Task Cancellation_ends_the_backends_work(string client, string endpoint)
    {
        var before = (await gateway.Simulator.RequestsAsync()).Count;
        var (seen, _) = await AskAsync(client, endpoint, "cancel", ChatModel, fault: new { kind = "hold", after = 8 });

        seen.Error.ShouldBe(OfficialClients.Named(client).Cancelled, seen.Message);
        seen.Chunks.ShouldBeInRange(Order.Enough, 8);
        (await gateway.Simulator.EndedAsync(before + 1))[^1].State.ShouldBe("cancelled");
    }

    private static bool IsRefusedForNow(string line) => line.Contains("Refusal=limit_requests_in_flight", StringComparison.Ordinal);

    private static ClientEndpoint EndpointOf(string client, string shown) => OfficialClients.Named(client).Endpoints.Single(e => e.Shown == shown);

    private async Task<(Seen Seen, int Requests)> AskAsync(
        string name, string shown, string action, string model, string prompt = Poem, string? credential = null, params object[] fault)
    {
        var client = OfficialClients.Named(name);
        var endpoint = EndpointOf(name, shown);
        await gateway.Simulator.FailAsync(fault);
        var before = stage.Requests;

        var seen = await stage.ProgramOf(client).DoAsync(new Order(
            action, endpoint.IsAzure, gateway.Client.BaseAddress!.ToString().TrimEnd('/') + endpoint.Path,
            credential ?? (endpoint.HasKey ? stage.Key : "hackathon/ann"), model, prompt));

        return (seen, stage.Requests - before);
    }
}
