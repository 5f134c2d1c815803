using System.Text.Json;
using Azure;
using Azure.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Forwarding.Credentials;

namespace OpenAIProxy.Gateway.Tests.Forwarding.Credentials;

/// <summary>What is said when there is no token, and which token a backend gets when nothing else is said.</summary>
public sealed class TokenDiagnosisTests
{
    private const string Secret = "kX8~secret of/this.test";

    [Theory]
    [InlineData("The answer was {\"access_token\":\"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl\"}", "The answer was {\"access_token\":\"…\"}")]
    [InlineData("The answer was {\"access_token\":\"eyJhbG", "The answer was {\"access_token\":\"…")]
    [InlineData("opaque 0.AAAAdnVoc2RmbGtqaGFzZGxma2poYXNkbGZramhhc2RsZmtq", "opaque 0.…")]
    [InlineData("client_secret=kX8~secret of/this.test&x", "client_secret=…&x")]
    [InlineData("client_secret=kX8~secret%20of%2Fthis.test&x", "client_secret=…&x")]
    [InlineData("AADSTS700016: no application 8f0f6e3e-5a54-4a0e-9a5c-3f1d0b3c9a11.\nTrace ID", "AADSTS700016: no application 8f0f6e3e-5a54-4a0e-9a5c-3f1d0b3c9a11. Trace ID")]
    public void Secrets_and_tokens_are_masked_and_the_rest_is_one_line(string said, string told) =>
        TokenDiagnosis.Of(new AuthenticationFailedException(said), Secret).Problem.ShouldBe(told);

    [Fact]
    public void Every_cause_is_told_once()
    {
        var failure = new AuthenticationFailedException("It failed:", new InvalidOperationException("outer: the reason", new InvalidOperationException("the reason")));

        TokenDiagnosis.Of(failure, null).Problem.ShouldBe("It failed: outer: the reason");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(429, true)]
    [InlineData(503, true)]
    public void Whether_it_passes_by_itself_is_seen_by_the_status(int status, bool isPassing) =>
        TokenDiagnosis.Of(new AuthenticationFailedException("It failed.", new AggregateException(new RequestFailedException(status, "said"))), null).IsPassing.ShouldBe(isPassing);

    [Theory]
    [InlineData("https://a.openai.azure.com", "https://login.microsoftonline.com/", "https://cognitiveservices.azure.com/.default")]
    [InlineData("https://a.openai.azure.us", "https://login.microsoftonline.us/", "https://cognitiveservices.azure.us/.default")]
    [InlineData("https://a.openai.azure.cn", "https://login.chinacloudapi.cn/", "https://cognitiveservices.azure.cn/.default")]
    [InlineData("https://gateway.example/azure.us", "https://login.microsoftonline.com/", "https://cognitiveservices.azure.com/.default")]
    public void Token_is_for_the_cloud_of_the_endpoint(string endpoint, string authority, string scope)
    {
        var order = OrderOf(endpoint, new EntraIdentity { Kind = EntraIdentityKind.Default });

        order.Authority.ToString().ShouldBe(authority);
        order.Scope.ShouldBe(scope);
    }

    [Fact]
    public void Authority_and_scope_that_are_set_win()
    {
        var order = OrderOf("https://a.openai.azure.us", new EntraIdentity { Kind = EntraIdentityKind.Default, Authority = new Uri("https://login.example/"), Scope = "api://x/.default" });

        order.Authority.ToString().ShouldBe("https://login.example/");
        order.Scope.ShouldBe("api://x/.default");
    }

    [Fact]
    public void Claims_that_ask_for_a_newer_token_are_json()
    {
        using var claims = JsonDocument.Parse(AzureIdentity.NewerThan(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));

        var notBefore = claims.RootElement.GetProperty("access_token").GetProperty("nbf");
        (notBefore.GetProperty("essential").GetBoolean(), notBefore.GetProperty("value").GetString()).ShouldBe((true, "1700000000"));
    }

    [Fact]
    public async Task Failure_that_cannot_be_told_is_one_for_a_while_and_not_for_good()
    {
        var time = new ManualTime();
        // An order of nothing: to ask for it fails, and so does to say why.
        var keeper = new TokenKeeper(default, time, NullLogger.Instance, CancellationToken.None);

        var first = await Should.ThrowAsync<TokenUnavailableException>(() => keeper.GetAsync(CancellationToken.None).AsTask());
        var remembered = await Should.ThrowAsync<TokenUnavailableException>(() => keeper.GetAsync(CancellationToken.None).AsTask());
        time.Advance(TimeSpan.FromSeconds(5));
        var later = await Should.ThrowAsync<TokenUnavailableException>(() => keeper.GetAsync(CancellationToken.None).AsTask());

        remembered.Trouble.ShouldBeSameAs(first.Trouble);
        later.Trouble.ShouldNotBeSameAs(first.Trouble);
    }

    [Fact]
    public void Token_without_an_expiry_is_kept_like_one_that_came_expired() =>
        TokenKeeper.Held.Of(new EntraToken("Bearer x", default), DateTimeOffset.UnixEpoch).GoodUntil.ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(30));

    private static TokenOrder OrderOf(string endpoint, EntraIdentity identity)
    {
        var credential = new BackendCredential.Entra(identity, null);
        return TokenOrder.Of(new Backend { Name = "a", Endpoint = new Uri(endpoint), Credential = credential }, credential);
    }
}
