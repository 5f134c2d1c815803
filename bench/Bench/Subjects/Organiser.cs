using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Bench.Subjects;

/// <summary>Sets a gateway up through its management API, as an organiser does.</summary>
internal sealed class Organiser : IDisposable
{
    /// <summary>The event that is measured: everything is counted in it, and nothing refused.</summary>
    public const string Event = "bench";

    /// <summary>An event whose attendees may ask once.</summary>
    public const string TightEvent = "tight";

    private const int LargestBatch = 5_000;

    private readonly HttpClient client;
    private string? key;

    public Organiser(Uri admin, string token)
    {
        client = new HttpClient { BaseAddress = admin, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public void Dispose() => client.Dispose();

    /// <summary>
    /// Models with prices, the backend, and both events: <c>configuration.json</c>, which tests of the ledger apply as well. The event has the limits of a new
    /// event, and one on money, so that prices are looked up; they are so wide that they count and do not refuse.
    /// </summary>
    public async Task ApplyAsync(string endpoint, CancellationToken cancellation)
    {
        using var file = typeof(Organiser).Assembly.GetManifestResourceStream("configuration.json")!;
        var document = JsonNode.Parse(file)!;
        document["backends"]![0]!["endpoint"] = endpoint;
        await PostAsync("/api/configuration", new JsonObject { ["document"] = document }, cancellation);
    }

    /// <summary>One attendee's key, always the same.</summary>
    public async Task<string> KeyAsync(CancellationToken cancellation) => key ??= await IssueAsync(Event, "ann", cancellation);

    /// <summary>A key whose owner's cap is used up by the first request.</summary>
    public Task<string> TightKeyAsync(CancellationToken cancellation) => IssueAsync(TightEvent, "tim", cancellation);

    /// <summary>A key as keys are, and one that nobody has: it was revoked.</summary>
    public async Task<string> RevokedKeyAsync(CancellationToken cancellation)
    {
        var issued = await PostAsync($"/api/events/{Event}/keys", new JsonObject { ["user"] = "rex" }, cancellation);
        using var answer = await client.DeleteAsync(new Uri($"/api/events/{Event}/keys/{issued["id"]}", UriKind.Relative), cancellation);
        return answer.IsSuccessStatusCode ? (string)issued["key"]! : throw new BenchException($"The gateway did not revoke a key: {answer.StatusCode}");
    }

    /// <summary>Keys of as many attendees.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(int count, CancellationToken cancellation)
    {
        var keys = new List<string>(count);
        foreach (var users in Enumerable.Range(0, count).Select(i => $"crowd-{i}").Chunk(LargestBatch))
        {
            var batch = new JsonObject { ["users"] = new JsonArray([.. users.Select(user => (JsonNode)user)]) };
            var issued = await PostAsync($"/api/events/{Event}/keys/batch", batch, cancellation);
            keys.AddRange(issued["items"]!.AsArray().Select(item => (string)item!["key"]!));
        }
        return keys;
    }

    private async Task<string> IssueAsync(string code, string user, CancellationToken cancellation) =>
        (string)(await PostAsync($"/api/events/{code}/keys", new JsonObject { ["user"] = user }, cancellation))["key"]!;

    private async Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken cancellation)
    {
        using var answer = await client.PostAsJsonAsync(path, body, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new BenchException($"The gateway refused {path}: {text}");
    }
}
