using System.Net;
using System.Text.Json;

namespace OpenAIProxy.Simulator.Tests;

/// <summary>Ways to ask the simulator for tokens.</summary>
internal static class IdentityAsking
{
    public const string Tenant = "aaaabbbb-0000-4000-8000-ccccddddeeee";
    public const string Resource = "https://cognitiveservices.azure.com";

    /// <summary>The token endpoint's answer, whatever it is; a field given as null is left out, an own value wins.</summary>
    public static Task<HttpResponseMessage> AskTokenAsync(this SimulatorUnderTest simulator, string tenant = Tenant, params (string Name, string? Value)[] fields)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "an-application",
            ["client_secret"] = "its-secret",
            ["scope"] = Resource + "/.default",
        };
        foreach (var (name, value) in fields)
            form[name] = value;
        return simulator.Http.PostAsync($"/{tenant}/oauth2/v2.0/token",
            new FormUrlEncodedContent(form.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, field.Value!))));
    }

    /// <summary>A token made to order, as <c>POST /simulator/tokens</c> makes it.</summary>
    public static async Task<string> OrderTokenAsync(this SimulatorUnderTest simulator, string order = "{}")
    {
        using var answer = await simulator.Http.PostAsync("/simulator/tokens", new StringContent(order));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.TextAsync());
        return (await answer.JsonAsync()).Token();
    }

    public static async Task SetIdentityAsync(this SimulatorUnderTest simulator, string settings)
    {
        using var answer = await simulator.Http.PutAsync("/simulator/identity", new StringContent(settings));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.TextAsync());
    }

    /// <summary>A chat with this bearer and no key.</summary>
    public static async Task<HttpResponseMessage> ChatWithAsync(this SimulatorUnderTest simulator, string bearer, string path = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(Answers.Ask("Hello", path.StartsWith("/openai/v1", StringComparison.Ordinal) ? "\"model\":\"gpt-4o\"" : "")) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        simulator.Http.DefaultRequestHeaders.Remove("api-key");
        return await simulator.Http.SendAsync(request);
    }

    public static string Token(this JsonElement answer) => answer.GetProperty("access_token").GetString()!;
}
