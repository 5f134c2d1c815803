using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace OpenAIProxy.Simulator.Tests;

/// <summary>A real simulator on a free port, and a client for it.</summary>
internal sealed class SimulatorUnderTest : IAsyncDisposable
{
    private readonly WebApplication app;

    private SimulatorUnderTest(WebApplication app)
    {
        this.app = app;
        Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = new(Url("http:")), Timeout = TimeSpan.FromSeconds(20) };
        Http.DefaultRequestHeaders.Add("api-key", "any");
    }

    public HttpClient Http { get; }

    /// <summary>Its parts, for what cannot be asked for over HTTP.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Where it listens, by scheme (<c>https:</c>).</summary>
    public string Url(string scheme) => app.Urls.Single(url => url.StartsWith(scheme, StringComparison.Ordinal));

    public static async Task<SimulatorUnderTest> StartAsync(string[]? args = null, TimeProvider? time = null)
    {
        var built = SimulatorApplication.Create(["--url", "http://127.0.0.1:0", .. Quick(args ?? [])], builder =>
        {
            if (time is not null)
                builder.Services.AddSingleton(time);
        });
        await built.StartAsync();
        return new(built);
    }

    private static string[] Quick(string[] args) => args.Contains("--latency") ? args : ["--latency", "none", .. args];

    public Task<HttpResponseMessage> PostAsync(string path, string body, CancellationToken cancellation = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public Task<HttpResponseMessage> ChatAsync(string body, string deployment = "gpt-4o", string version = "2024-10-21", CancellationToken cancellation = default) =>
        PostAsync($"/openai/deployments/{deployment}/chat/completions?api-version={version}", body, cancellation);

    public Task<HttpResponseMessage> CompleteAsync(string body) =>
        PostAsync("/openai/deployments/gpt-3.5-turbo-instruct/completions?api-version=2024-10-21", body);

    public Task<HttpResponseMessage> EmbedAsync(string body, string deployment = "text-embedding-3-small") =>
        PostAsync($"/openai/deployments/{deployment}/embeddings?api-version=2024-10-21", body);

    public async Task PlanAsync(string fault)
    {
        using var answer = await Http.PutAsync("/simulator/faults", new StringContent($$"""{"faults":[{{fault}}]}"""));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement> ServedAsync() => await GetJsonAsync("/simulator/served");

    /// <summary>The requests, once the condition (<c>ended=1</c>, <c>held=2</c>) holds.</summary>
    public async Task<JsonElement[]> RequestsAsync(string condition = "") =>
        [.. (await GetJsonAsync("/simulator/requests?" + condition)).GetProperty("requests").EnumerateArray()];

    public async Task ReleaseAsync() => (await Http.PostAsync("/simulator/release", null)).Dispose();

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var answer = await Http.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}
