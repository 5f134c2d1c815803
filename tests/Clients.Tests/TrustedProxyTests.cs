using System.Net;
using OpenAIProxy.Gateway;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>
/// Whose address a request is counted for. It shows in the limit on wrong credentials, which is one for each address: two
/// wrong ones are answered here, and the third has to wait.
/// </summary>
public sealed class TrustedProxyTests
{
    private const int Wrong = 401;
    private const int Wait = 429;

    private static readonly GatewayOptions TwoGuesses = new() { GuessLimits = new GuessLimits { PerAddress = 2, Refill = TimeSpan.FromHours(1) } };

    [Fact]
    public async Task Address_that_a_trusted_proxy_forwards_is_the_clients()
    {
        await using var gateway = await StartAsync("127.0.0.0/8");

        (await GuessAsync(gateway, "203.0.113.1")).ShouldBe(Wrong);
        (await GuessAsync(gateway, "203.0.113.1")).ShouldBe(Wrong);
        (await GuessAsync(gateway, "203.0.113.1")).ShouldBe(Wait);

        (await GuessAsync(gateway, "203.0.113.2")).ShouldBe(Wrong);
    }

    [Fact]
    public async Task What_stands_before_the_last_untrusted_hop_is_made_up()
    {
        await using var gateway = await StartAsync("127.0.0.0/8");

        (await GuessAsync(gateway, "192.0.2.1, 203.0.113.1")).ShouldBe(Wrong);
        (await GuessAsync(gateway, "192.0.2.2, 203.0.113.1")).ShouldBe(Wrong);
        (await GuessAsync(gateway, "192.0.2.3, 203.0.113.1")).ShouldBe(Wait);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("10.0.0.0/8")]
    public async Task Address_that_anybody_else_forwards_is_not_read(string? trusted)
    {
        await using var gateway = await StartAsync(trusted);

        (await GuessAsync(gateway, "203.0.113.1")).ShouldBe(Wrong);
        (await GuessAsync(gateway, "203.0.113.2")).ShouldBe(Wrong);
        (await GuessAsync(gateway, "203.0.113.3")).ShouldBe(Wait);
    }

    private static Task<GatewayUnderTest> StartAsync(string? trusted) => new GatewayUnderTest
    {
        Options = TwoGuesses,
        Settings = settings => settings with { TrustedProxies = trusted is null ? [] : [IPNetwork.Parse(trusted)] },
    }.StartAsync();

    private static async Task<int> GuessAsync(GatewayUnderTest gateway, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/chat/completions") { Content = new StringContent("{}") };
        request.Headers.Add("openai-event-code", "no-such-event/ann");
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var answer = await gateway.Client.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
