using System.Net.Http.Json;
using System.Text.Json;

namespace OpenAIProxy.Testing;

/// <summary>The simulator as a test speaks with it: over HTTP, as anybody could.</summary>
public sealed class SimulatorControl(Uri address) : IDisposable
{
    private readonly HttpClient client = new() { BaseAddress = address };

    public Uri Address => address;

    /// <summary>Plans faults; each a rule of the simulator's fault plan.</summary>
    public async Task FailAsync(params object[] faults)
    {
        using var answer = await client.PutAsJsonAsync("/simulator/faults", new { faults });
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The requests that came, oldest first.</summary>
    public Task<IReadOnlyList<SimulatedRequest>> RequestsAsync() => ListAsync("/simulator/requests");

    /// <summary>Waits until so many requests have begun.</summary>
    public Task<IReadOnlyList<SimulatedRequest>> StartedAsync(int count) => ListAsync($"/simulator/requests?started={count}");

    /// <summary>Waits until so many requests have ended.</summary>
    public Task<IReadOnlyList<SimulatedRequest>> EndedAsync(int count) => ListAsync($"/simulator/requests?ended={count}");

    /// <summary>Waits until so many requests are being held by a fault of kind <c>hold</c>.</summary>
    public Task<IReadOnlyList<SimulatedRequest>> HeldAsync(int count) => ListAsync($"/simulator/requests?held={count}");

    /// <summary>Lets go what is held.</summary>
    public async Task ReleaseAsync() => (await client.PostAsync("/simulator/release", null)).EnsureSuccessStatusCode();

    public async Task<JsonElement> ServedAsync() => await client.GetFromJsonAsync<JsonElement>("/simulator/served");

    /// <summary>Waits until everything that has begun has ended, and forgets it.</summary>
    public async Task<IReadOnlyList<SimulatedRequest>> TakeEndedAsync()
    {
        var ended = await EndedAsync((await RequestsAsync()).Count);
        (await client.DeleteAsync("/simulator/served")).EnsureSuccessStatusCode();
        return ended;
    }

    /// <summary>Forgets the requests that came, and plans no faults.</summary>
    public async Task ResetAsync()
    {
        (await client.DeleteAsync("/simulator/served")).EnsureSuccessStatusCode();
        (await client.DeleteAsync("/simulator/faults")).EnsureSuccessStatusCode();
    }

    /// <summary>Sets how the simulated Entra ID behaves; see the guide to the simulator.</summary>
    public async Task SetIdentityAsync(object settings)
    {
        using var answer = await client.PutAsJsonAsync("/simulator/identity", settings);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Forgets settings, counts and revocations of the simulated Entra ID.</summary>
    public async Task ResetIdentityAsync() => (await client.DeleteAsync("/simulator/identity")).EnsureSuccessStatusCode();

    /// <summary>From now on no token issued before is believed.</summary>
    public async Task RevokeTokensAsync() => (await client.PostAsync("/simulator/identity/revoke", null)).EnsureSuccessStatusCode();

    /// <summary>How often the endpoints of the simulated Entra ID were asked, and what they issued.</summary>
    /// <param name="until">Waits for something, such as <c>appService=2</c>.</param>
    public async Task<JsonElement> IdentityAsync(string until = "") => await client.GetFromJsonAsync<JsonElement>($"/simulator/identity?{until}");

    /// <summary>A token of the simulated Entra ID with these claims.</summary>
    public async Task<string> OrderTokenAsync(object claims)
    {
        using var answer = await client.PostAsJsonAsync("/simulator/tokens", claims);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <summary>What every token of the simulated Entra ID begins with: enough to find one that was left somewhere.</summary>
    public async Task<string> TokenBeginningAsync() => (await OrderTokenAsync(new { })).Split('.')[0];

    public void Dispose() => client.Dispose();

    private async Task<IReadOnlyList<SimulatedRequest>> ListAsync(string path)
    {
        var listing = await client.GetFromJsonAsync<JsonElement>(path);
        return [.. listing.GetProperty("requests").EnumerateArray().Select(r => new SimulatedRequest(r))];
    }
}

/// <summary>One request as the simulator saw it.</summary>
public sealed class SimulatedRequest(JsonElement record)
{
    public string Path => record.GetProperty("path").GetString()!;

    public string Query => record.GetProperty("query").GetString()!;

    public string State => record.GetProperty("state").GetString()!;

    public JsonElement Headers => record.GetProperty("headers");

    /// <summary>The body as it came.</summary>
    public string Body => record.GetProperty("body").ValueKind == JsonValueKind.String ? record.GetProperty("body").GetString()! : record.GetProperty("body").GetRawText();

    public long PromptTokens => record.GetProperty("promptTokens").GetInt64();

    public long CompletionTokens => record.GetProperty("completionTokens").GetInt64();

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>A field of the body, or null where there is none.</summary>
    public JsonElement? Field(string name) => Json.TryGetProperty(name, out var value) ? value : null;
}
