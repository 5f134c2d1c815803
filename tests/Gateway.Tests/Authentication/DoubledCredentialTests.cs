using System.Net.Sockets;
using System.Text;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Tests.Authentication;

/// <summary>Credentials whose header stands in the request twice. HttpClient would make one line of the two.</summary>
public sealed class DoubledCredentialTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("openai-event-code", "hackathon/ann", "hackathon/ben")]
    [InlineData("openai-event-code", "hackathon/ann", "hackathon/ann")]
    [InlineData("api-key", "hackathon/ann", "hackathon/ben")]
    [InlineData("api-key", "mine:gpt-4o:key", "theirs:gpt-4o:key")]
    [InlineData("api-key", "aop_0123456789abcdefghijklmnopqrstuvwxyz", "aop_0123456789abcdefghijklmnopqrstuvwxyz")]
    [InlineData("Authorization", "Bearer hackathon/ann", "Bearer hackathon/ben")]
    [InlineData("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer eyJhbGciOiJub25lIn0.e30.")]
    public async Task Are_refused_on_every_surface_and_make_nobody_an_attendee(string header, string first, string second)
    {
        foreach (var path in new[] { Asking.Chat, "/v1/chat/completions", "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", "/api/v1/eventinfo" })
            await ShouldBeRefusedAsync($"POST {path}", header, $"{header}: {first}\r\n{header}: {second}");
        foreach (var path in new[] { "/v1/models", "/api/v1/usage" })
            await ShouldBeRefusedAsync($"GET {path}", header, $"{header}: {first}\r\n{header}: {second}");

        (await gateway.ChangeAsync(change => change.Attendees.ListAsync(EventCode.Parse("hackathon")))).ShouldBeEmpty();
        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public Task Are_refused_also_beside_another_header_that_is_right() =>
        ShouldBeRefusedAsync($"POST {Asking.Chat}", "api-key", "openai-event-code: hackathon/ann\r\napi-key: a\r\napi-key: b");

    [Fact]
    public async Task Open_the_management_api_for_nobody_and_are_told_why()
    {
        var token = gateway.Api.DefaultRequestHeaders.Authorization!.ToString();

        var answer = await SendAsync(gateway.Api, "GET /api/whoami", $"Authorization: {token}\r\nAuthorization: {token}");

        answer.ShouldStartWith("HTTP/1.1 401 ");
        answer.ShouldContain("\"code\":\"not_signed_in\"");
        answer.ShouldContain("'Authorization' stands in the request more than once");
        (await SendAsync(gateway.Api, "GET /api/whoami", $"Authorization: {token}")).ShouldStartWith("HTTP/1.1 200 ");
    }

    private async Task ShouldBeRefusedAsync(string call, string header, string credentials)
    {
        var answer = await SendAsync(gateway.Client, call, credentials);

        answer.ShouldStartWith("HTTP/1.1 401 ");
        answer.ShouldContain("\"code\":\"credential_malformed\"");
        answer.ShouldContain($"'{header}' stands in the request more than once");
    }

    private static async Task<string> SendAsync(HttpClient to, string call, string credentials)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(to.BaseAddress!.Host, to.BaseAddress.Port);
        var head = $"{call} HTTP/1.1\r\nHost: x\r\n{credentials}\r\nConnection: close\r\n";
        var body = call.StartsWith("GET", StringComparison.Ordinal) ? "" : $"Content-Type: application/json\r\nContent-Length: {Asking.Hello.Length}\r\n\r\n{Asking.Hello}";
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + (body.Length > 0 ? body : "\r\n")));
        return await new StreamReader(socket.GetStream()).ReadToEndAsync();
    }
}
