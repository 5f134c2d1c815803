using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Connection;

/// <summary>Speaks to the management API. Every refusal becomes a <see cref="CommandFailedException"/> that says what to do.</summary>
internal sealed class ManagementApi : IDisposable
{
    /// <summary>How long the server may take to answer what it has at hand.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly HttpClient client;
    private readonly Uri address;
    private readonly CancellationToken cancellation;

    public ManagementApi(Uri address, string token, CancellationToken cancellation)
    {
        this.address = address;
        this.cancellation = cancellation;
        if (token.Any(c => char.IsControl(c) || c > '~'))
            throw new CommandFailedException(ExitCode.NotAllowed, "The token is not one: it holds characters that no token has.");
        // A redirect would carry the token to who knows where; an admin address that redirects is a wrong one.
        client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            BaseAddress = address,
            // Each request has its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        client.DefaultRequestHeaders.Accept.Add(new("application/json"));
        client.DefaultRequestHeaders.Accept.Add(new("application/problem+json"));
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("openai-proxy-cli", "1"));
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, null);

    /// <param name="patience">How long the server may take; null is 100 seconds.</param>
    public Task<Answer> PostAsync(string path, JsonNode? body = null, TimeSpan? patience = null) => SendAsync(HttpMethod.Post, path, body, null, patience);

    public Task<Answer> PutAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Put, path, body, null);

    /// <param name="seen">What the change was decided on: it is refused where the server has a newer one.</param>
    public Task<Answer> PatchAsync(string path, JsonNode body, Answer seen, string? etag = null) =>
        SendAsync(HttpMethod.Patch, path, body, etag ?? seen.Etag ?? "*");

    /// <param name="seen">As for a change; null where there is nothing to see first.</param>
    public Task<Answer> DeleteAsync(string path, Answer? seen = null) => SendAsync(HttpMethod.Delete, path, null, seen?.Etag ?? "*");

    /// <summary>Hands over an answer of any length while it arrives.</summary>
    public async Task DownloadAsync(string path, Func<Stream, Task> take)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        await AskAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience, async response =>
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            await take(stream);
            return true;
        });
    }

    public void Dispose() => client.Dispose();

    private async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body, string? ifMatch, TimeSpan? patience = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", EntityTag.Quoted(ifMatch));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await AskAsync(request, HttpCompletionOption.ResponseContentRead, patience ?? Patience, async response =>
        {
            var text = await response.Content.ReadAsStringAsync(cancellation);
            var json = Read(text);
            return new Answer(text, json, response.Headers.ETag?.ToString() ?? (json as JsonObject)?["etag"]?.ToString());
        });
    }

    private async Task<T> AskAsync<T>(HttpRequestMessage request, HttpCompletionOption completion, TimeSpan patience, Func<HttpResponseMessage, Task<T>> take)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(patience);
        try
        {
            using var response = await client.SendAsync(request, completion, waiting.Token);
            if (!response.IsSuccessStatusCode)
                throw Refusal.From(response, await response.Content.ReadAsStringAsync(waiting.Token), address);
            return await take(response);
        }
        catch (HttpRequestException failed)
        {
            throw Unreachable.From(failed, address);
        }
        catch (IOException broken)
        {
            throw new CommandFailedException(ExitCode.Unreachable, $"The answer of {address} broke off: {broken.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandFailedException(ExitCode.Unreachable, $"{address} took the request and did not answer in time. Look at the server's log.");
        }
    }

    private JsonNode? Read(string text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new CommandFailedException(ExitCode.Unreachable, $"{address} answers something that is not JSON. {Unreachable.WhichAddress}");
        }
    }
}
