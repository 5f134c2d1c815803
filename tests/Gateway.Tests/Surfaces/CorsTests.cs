namespace OpenAIProxy.Gateway.Tests.Surfaces;

public sealed class CorsTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_browser_may_call_from_any_page_with_any_header()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, Asking.Chat);
        preflight.Headers.Add("Origin", "https://app.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,openai-event-code,x-stainless-lang");

        var answer = await gateway.Client.AskAsync(preflight);

        answer.Status.ShouldBe(204);
        answer.Header("Access-Control-Allow-Origin").ShouldBe("*");
        answer.Header("Access-Control-Allow-Headers").ShouldBe("authorization,content-type,openai-event-code,x-stainless-lang");
        answer.Header("Access-Control-Allow-Methods")!.ShouldContain("POST");
    }

    [Theory]
    [InlineData("hackathon/ann", 200)]
    [InlineData("nowhere/ann", 401)]
    public async Task The_page_can_read_answers_and_refusals_alike(string credential, int status)
    {
        using var request = Asking.Post(Asking.Chat, Asking.Hello, credential);
        request.Headers.Add("Origin", "https://app.example");

        var answer = await gateway.Client.AskAsync(request);

        answer.Status.ShouldBe(status);
        answer.Header("Access-Control-Allow-Origin").ShouldBe("*");
        answer.Header("Access-Control-Allow-Credentials").ShouldBeNull();
        answer.Header("Access-Control-Expose-Headers")!.ShouldContain("x-request-id");
    }

    [Fact]
    public async Task An_event_can_shut_web_pages_out()
    {
        await gateway.ChangeEventAsync(e => e with { AllowedOrigins = [] });
        using var request = Asking.Post(Asking.Chat, Asking.Hello);
        request.Headers.Add("Origin", "https://app.example");

        (await gateway.Client.AskAsync(request)).Code.ShouldBe("origin_not_allowed");

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_admin_listener_allows_no_page_of_another_origin()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("Origin", "https://app.example");

        (await gateway.Admin.AskAsync(request)).Header("Access-Control-Allow-Origin").ShouldBeNull();
    }
}
