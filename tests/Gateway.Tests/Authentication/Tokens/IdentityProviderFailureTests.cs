using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Gateway.Authentication.Tokens;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>An identity provider that fails, or that would lead us elsewhere.</summary>
public sealed class IdentityProviderFailureTests : IAsyncLifetime
{
    // A test that waits for what never comes shall fail, not hang.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ManualTime time = new();
    private LocalIssuer issuer = null!;
    private LocalIssuer attacker = null!;
    private ValidatorUnderTest validator = null!;

    public async ValueTask InitializeAsync()
    {
        issuer = await LocalIssuer.StartAsync();
        attacker = await LocalIssuer.StartAsync();
        validator = new ValidatorUnderTest(time);
    }

    public async ValueTask DisposeAsync()
    {
        validator.Dispose();
        await issuer.DisposeAsync();
        await attacker.DisposeAsync();
    }

    [Theory]
    [InlineData("discovery", 500, "status 500")]
    [InlineData("discovery", 404, "status 404")]
    [InlineData("discovery", 204, "status 204")]
    [InlineData("keys", 503, "status 503")]
    public async Task A_status_that_is_no_answer(string document, int status, string reason)
    {
        Instead(document, context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        await ShouldBeUnavailableAsync(reason);
    }

    [Theory]
    [InlineData("discovery")]
    [InlineData("keys")]
    public async Task A_redirect_is_not_followed(string document)
    {
        Instead(document, context =>
        {
            context.Response.Redirect(attacker.Address.AbsoluteUri + context.Request.Path.Value![1..]);
            return Task.CompletedTask;
        });

        await ShouldBeUnavailableAsync("status 302");
        (attacker.Discoveries, attacker.KeyRequests).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData("discovery", "<html>")]
    [InlineData("discovery", "")]
    [InlineData("discovery", "[]")]
    [InlineData("discovery", "{}")]
    [InlineData("discovery", "null")]
    [InlineData("discovery", """{"issuer":1,"jwks_uri":1}""")]
    [InlineData("discovery", "{\"issuer\":\"\\ud800\"}")]
    [InlineData("keys", "[]")]
    [InlineData("keys", "{}")]
    [InlineData("keys", """{"keys":{}}""")]
    [InlineData("keys", """{"keys":[],"keys":[]}""")]
    [InlineData("keys", """{"keys":[{"kid":"\ud800"}]}""")]
    public async Task An_answer_that_is_not_the_JSON_it_should_be(string document, string body)
    {
        Instead(document, context => context.Response.WriteAsync(body));

        await ShouldBeUnavailableAsync("not the JSON it should be");
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[1,null,"key",{"kid":1}]}""")]
    public async Task Keys_of_which_none_can_be_used(string body)
    {
        Instead("keys", context => context.Response.WriteAsync(body));

        await ShouldBeUnavailableAsync("no key that can be used");
    }

    [Fact]
    public async Task An_answer_of_a_megabyte_is_read_and_a_longer_one_is_not()
    {
        var filling = 1024 * 1024;
        Instead("keys", async context =>
        {
            var keys = new JsonObject { ["keys"] = new JsonArray([.. issuer.Keys.Select(k => k.DeepClone())]) }.ToJsonString();
            await context.Response.WriteAsync(keys + new string(' ', filling - keys.Length));
        });
        (await ValidateAsync()).ShouldBe("entra:" + TokenDraft.Person);

        filling++;

        using var another = new ValidatorUnderTest(time);
        (await another.ValidateAsync(new TokenDraft(issuer, time.GetUtcNow()).Write(), issuer.Admission)).ShouldBe("identity_provider_unavailable");
        another.Log.ShouldHaveSingleItem().ShouldContain("longer than 1048576 bytes");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/keys")]
    [InlineData("https://127.0.0.1/keys")]
    [InlineData("https://login.attacker.example/keys")]
    [InlineData("/keys")]
    [InlineData("ftp://127.0.0.1/keys")]
    [InlineData("")]
    public async Task Keys_on_another_host_are_not_asked_for(string address)
    {
        issuer.Discovery = document => With(document, "jwks_uri", address);

        await ShouldBeUnavailableAsync("on another host");
        issuer.KeyRequests.ShouldBe(0);
    }

    [Fact]
    public async Task Keys_of_a_host_that_stands_only_before_the_at_sign_are_not_asked_for()
    {
        issuer.Discovery = document => With(document, "jwks_uri", $"http://{issuer.Address.Authority}@{attacker.Address.Authority}/keys");

        await ShouldBeUnavailableAsync("on another host");
        attacker.KeyRequests.ShouldBe(0);
    }

    [Theory]
    [InlineData("https://login.attacker.example/6f2d4a0e-8f1b-4c3a-9d57-0b6c1e2f3a4d/v2.0")]
    [InlineData("")]
    public async Task A_provider_of_another_name_is_not_believed(string name)
    {
        issuer.Discovery = document => With(document, "issuer", name);

        await ShouldBeUnavailableAsync("names itself otherwise");
        issuer.KeyRequests.ShouldBe(0);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_waited_for_ten_seconds()
    {
        issuer.Hold();
        var waiting = ValidateAsync();
        await issuer.AskedAsync(1);

        time.Advance(TimeSpan.FromSeconds(10));

        (await waiting.WaitAsync(LongestWait)).ShouldBe("identity_provider_unavailable");
        validator.Log.ShouldHaveSingleItem().ShouldContain("did not answer within 10 seconds");
    }

    [Fact]
    public async Task A_provider_that_breaks_off()
    {
        Instead("keys", async context =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("{\"keys\":[");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        await ShouldBeUnavailableAsync("the connection broke");
    }

    [Fact]
    public async Task A_provider_that_is_not_there()
    {
        var admission = issuer.Admission;
        var token = new TokenDraft(issuer, time.GetUtcNow()).Write();
        await issuer.DisposeAsync();

        (await validator.ValidateAsync(token, admission)).ShouldBe("identity_provider_unavailable");
        validator.Log.ShouldHaveSingleItem().ShouldContain("cannot be reached (ConnectionRefused)");
    }

    [Fact]
    public async Task A_provider_without_encryption_is_asked_on_this_machine_only()
    {
        var admission = issuer.Admission with { Authority = new Uri("http://login.example/") };

        (await validator.ValidateAsync(new TokenDraft(issuer, time.GetUtcNow()).Write(), admission)).ShouldBe("identity_provider_unavailable");
        validator.Log.ShouldHaveSingleItem().ShouldContain("neither https nor on this machine");
    }

    [Fact]
    public async Task A_provider_whose_name_is_not_known()
    {
        var admission = issuer.Admission with { Authority = new Uri("https://login.invalid/") };

        (await validator.ValidateAsync(new TokenDraft(issuer, time.GetUtcNow()).Write(), admission)).ShouldBe("identity_provider_unavailable");
        validator.Log.ShouldHaveSingleItem().ShouldContain("cannot be had");
    }

    [Fact]
    public async Task Failing_is_remembered_for_thirty_seconds_and_told_once()
    {
        Instead("discovery", context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        var token = new TokenDraft(issuer, time.GetUtcNow()).Write();
        for (var i = 0; i < 3; i++)
            (await validator.ValidateAsync(token, issuer.Admission)).ShouldBe("identity_provider_unavailable");
        issuer.Discoveries.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(20));
        (await validator.RefusalOfAsync(token, issuer.Admission)).Refusal!.RetryAfter.ShouldBe(TimeSpan.FromSeconds(10));

        time.Advance(TimeSpan.FromSeconds(10));
        (await validator.ValidateAsync(token, issuer.Admission)).ShouldBe("identity_provider_unavailable");
        issuer.Discoveries.ShouldBe(2);
        issuer.Instead = null;
        time.Advance(IssuerKeys.PauseAfterFailure);
        (await validator.ValidateAsync(token, issuer.Admission)).ShouldBe("entra:" + TokenDraft.Person);

        validator.Log.Select(line => line.Split(' ')[0]).ShouldBe(["Error", "Information"]);
    }

    private Task<string> ValidateAsync() => validator.ValidateAsync(new TokenDraft(issuer, time.GetUtcNow()).Write(), issuer.Admission);

    private async Task ShouldBeUnavailableAsync(string reason)
    {
        var (_, refusal) = await validator.RefusalOfAsync(new TokenDraft(issuer, time.GetUtcNow()).Write(), issuer.Admission);

        (refusal?.Status, refusal?.Code, refusal?.RetryAfter).ShouldBe((503, "identity_provider_unavailable", IssuerKeys.PauseAfterFailure));
        validator.Log.ShouldHaveSingleItem().ShouldContain(reason);
    }

    private void Instead(string document, Func<HttpContext, Task> answer) =>
        issuer.Instead = (context, asked) => asked == document ? answer(context) : issuer.WriteAsync(context, asked);

    private static JsonObject With(JsonObject document, string name, string value)
    {
        document[name] = value;
        return document;
    }
}
