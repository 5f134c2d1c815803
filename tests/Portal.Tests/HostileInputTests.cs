using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Portal.Tests;

public sealed class HostileInputTests : IAsyncLifetime
{
    private static readonly string[] Bodies =
    [
        "", " ", "null", "true", "1", "\"x\"", "[]", "[{}]", "{", "{}", "{\"\":1}", "{\"code\":null}", "{\"code\":1}", "{\"code\":{}}", "{\"name\":\"\\ud800\"}", "{\"code\":\"x\",\"code\":\"y\"}",
        "{\"user\":\"\\u0000\"}", "{\"users\":[null]}", "{\"users\":[]}", "{\"document\":null}", "{\"document\":{\"events\":[null]}}", "{\"document\":{\"models\":[{}]}}", "{\"by\":\"-1h\"}",
        "{\"by\":\"99999999999999999999d\"}", "{\"end\":\"9999-12-31T23:59:59\"}", "{\"end\":\"0001-01-01T00:00\"}", "{\"expires\":\"9999-12-31T23:59:59Z\",\"user\":\"x\"}", "{\"grace\":\"1y\"}",
        "{\"outputCap\":9223372036854775808}", "{\"outputCap\":1e400}", "{\"models\":[null]}", "{\"defaults\":{\"chatCompletions\":1}}", "{\"defaults\":{\"telepathy\":\"x\"}}", "{\"aliases\":[\"gpt-4\"]}",
        "{\"endpoint\":\"file:///etc/passwd\"}", "{\"endpoint\":\"http://\"}", "{\"deployment\":\"../../x\"}", "{\"state\":\"open\"}", "{\"allowedOrigins\":[\"*\",\"*\"]}",
        "{\"entra\":null}", "{\"entra\":[]}", "{\"entra\":{\"kind\":99}}", "{\"entra\":{\"kind\":\"clientSecret\",\"clientSecret\":\"\\u0000\"}}", "{\"entra\":{\"kind\":\"default\",\"authority\":\"https://[\"}}",
        "{\"tokenAdmission\":[]}", "{\"tokenAdmission\":{}}", "{\"tokenAdmission\":{\"tenantId\":\"\",\"audiences\":[null],\"authority\":\"http://[::1/\"}}", "{\"tokenAdmission\":{\"audiences\":null}}", "{\"streamMode\":0}",
        "{\"limits\":[null]}", "{\"limits\":[{\"scope\":0}]}", "{\"cap\":-1}", "{\"cap\":1e99}", "{\"cap\":9223372036854775807}", "{\"scope\":\"event\",\"unit\":\"money\",\"window\":\"day\",\"cap\":1,\"model\":\"\"}",
        "{\"input\":-1,\"output\":0,\"asOf\":\"2026-13-01\",\"source\":\"\"}", "{\"input\":9223372036854775807,\"output\":9223372036854775807,\"asOf\":\"9999-12-31\",\"source\":\"\\u0000\"}",
    ];

    private static readonly string[] Odd = ["x", "%00", "%2e%2e", "-1", "0", "9223372036854775807", "99999999999999999999", "'; DROP TABLE event; --", "%F0%9F%98%80", "hackathon"];

    private static readonly string[] Parameters = ["page", "pageSize", "sort", "groupBy", "from", "to", "attendee", "outcome"];

    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Nothing_that_is_sent_to_any_route_gives_a_500_or_an_answer_that_does_not_parse()
    {
        var routes = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/openapi/v1.json")).RootElement.GetProperty("paths");
        var random = new Random(1);

        foreach (var path in routes.EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
                foreach (var body in operation.Value.TryGetProperty("requestBody", out _) ? Bodies : Odd)
                {
                    var filled = System.Text.RegularExpressions.Regex.Replace(path.Name, @"\{\w+\}",
                        _ => random.Next(3) == 0 ? Odd[random.Next(Odd.Length)] : path.Name.Contains("id", StringComparison.Ordinal) ? "1" : "hackathon", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
                    await ShouldBeTakenInGoodPartAsync(operation.Name.ToUpperInvariant(), filled + (random.Next(4) == 0 ? $"?{Parameters[random.Next(Parameters.Length)]}={body}" : ""),
                        operation.Value.TryGetProperty("requestBody", out _) ? body : null, random.Next(3));
                }

        gateway.Log.Lines.ShouldNotContain(l => l.StartsWith("Error OpenAIProxy.Portal", StringComparison.Ordinal));
        (await gateway.Api.SendAsync("GET", "/api/whoami")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/api/events/hackathon", """{"name":"\ud800"}""")]
    [InlineData("/api/events/hackathon", """{"organiser":{"name":"\udc00 half"}}""")]
    [InlineData("/api/models/gpt-4o", """{"aliases":["\ud800"]}""")]
    [InlineData("/api/backends/simulator", """{"apiKey":"\ud800"}""")]
    public async Task Change_to_half_of_a_character_is_refused(string path, string patch)
    {
        var answer = await gateway.Api.SendAsync("PATCH", path, patch, "*");

        answer.Status.ShouldBe(400, answer.Body);
        answer.Json.GetProperty("errors").GetProperty("body")[0].GetString()!.ShouldContain("half of a character");
        (await gateway.Api.SendAsync("GET", path)).Body.ShouldNotContain("\\ud800");
    }

    [Theory]
    [InlineData(false, "/api/events")]
    [InlineData(true, "/api/events")]
    [InlineData(false, "/api/configuration")]
    [InlineData(true, "/api/configuration")]
    public async Task Body_that_is_too_large_is_told_so(bool isChunked, string path)
    {
        await using var small = await new GatewayUnderTest { Options = new() { MaxBodyBytes = 1_024 } }.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent($$"""{"code":"{{new string('x', 2_000)}}"}""", Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = isChunked;

        var answer = await small.Api.AskAsync(request);

        answer.Status.ShouldBe(413);
        answer.Json.GetProperty("code").GetString().ShouldBe("too_large");
    }

    private async Task ShouldBeTakenInGoodPartAsync(string method, string path, string? body, int ifMatch)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(gateway.Api.BaseAddress!.GetLeftPart(UriPartial.Authority) + path));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (ifMatch > 0)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch == 1 ? "*" : "\"nonsense\"");

        var answer = await gateway.Api.AskAsync(request);

        answer.Status.ShouldBeLessThan(500, $"{method} {path} {body}: {answer.Body}");
        // The web server itself turns away what is no URL, without a word.
        if (answer.Header("Content-Type")?.StartsWith("text/csv", StringComparison.Ordinal) == true)
            answer.Body.ShouldStartWith("id,request,");
        else if (answer.Body.Length > 0 || (answer.Status >= 400 && answer.Header("x-request-id") is not null))
            _ = answer.Json;
        if (answer.Status >= 400 && answer.Header("x-request-id") is not null)
            answer.Headers["Content-Type"].ShouldBe("application/problem+json", $"{method} {path} {body}");
    }
}
