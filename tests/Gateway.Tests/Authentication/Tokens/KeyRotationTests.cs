using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>How long keys are kept, and what happens when they change.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private static readonly string Me = "entra:" + TokenDraft.Person;
    private static readonly TestKey Next = TestKey.Rsa("next");

    // A test that waits for what never comes shall fail, not hang.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ManualTime time = new();
    private LocalIssuer issuer = null!;
    private ValidatorUnderTest validator = null!;

    public async ValueTask InitializeAsync()
    {
        issuer = await LocalIssuer.StartAsync();
        validator = new ValidatorUnderTest(time);
    }

    public async ValueTask DisposeAsync()
    {
        validator.Dispose();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task Keys_are_asked_for_once_however_many_tokens_come_at_once()
    {
        issuer.Hold();
        var waiting = Enumerable.Range(0, 50).Select(_ => ValidateAsync()).ToList();
        await issuer.AskedAsync(1);
        issuer.Release();

        (await Task.WhenAll(waiting).WaitAsync(LongestWait)).ShouldAllBe(result => result == Me);
        (issuer.Discoveries, issuer.KeyRequests).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Who_leaves_while_keys_are_asked_for_does_not_end_it_for_others()
    {
        issuer.Hold();
        using var leaving = new CancellationTokenSource();
        var gone = validator.ValidateAsync(Draft().Write(), issuer.Admission, leaving.Token);
        var stays = ValidateAsync();
        await issuer.AskedAsync(1);

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => gone.WaitAsync(LongestWait));
        issuer.Release();

        (await stays.WaitAsync(LongestWait)).ShouldBe(Me);
    }

    [Fact]
    public async Task Keys_of_an_hour_are_renewed_without_anybody_waiting()
    {
        (await ValidateAsync()).ShouldBe(Me);
        time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        (await ValidateAsync()).ShouldBe(Me);
        issuer.Discoveries.ShouldBe(1);

        issuer.Hold();
        time.Advance(TimeSpan.FromSeconds(1));

        (await ValidateAsync()).ShouldBe(Me);
        await issuer.AskedAsync(2);
    }

    [Fact]
    public async Task Keys_of_a_day_are_waited_for()
    {
        (await ValidateAsync()).ShouldBe(Me);
        time.Advance(TimeSpan.FromDays(1));
        issuer.Hold();

        var waiting = ValidateAsync();
        await issuer.AskedAsync(2);

        waiting.IsCompleted.ShouldBeFalse();
        issuer.Release();
        (await waiting.WaitAsync(LongestWait)).ShouldBe(Me);
    }

    [Fact]
    public async Task A_new_key_is_found_when_its_first_token_comes()
    {
        (await ValidateAsync()).ShouldBe(Me);
        issuer.Keys.Add(Next.Published);
        time.Advance(TimeSpan.FromMinutes(5));

        (await ValidateAsync(Draft().Sign(Next, "RS256"))).ShouldBe(Me);
    }

    [Fact]
    public async Task Unknown_keys_make_the_provider_be_asked_every_five_minutes_at_most()
    {
        (await ValidateAsync()).ShouldBe(Me);
        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        for (var i = 0; i < 20; i++)
            (await ValidateAsync(Draft().Sign(TestKey.Curve($"made-up-{i}"), "ES256"))).ShouldBe("token_key_unknown");
        issuer.Discoveries.ShouldBe(1);

        time.Advance(TimeSpan.FromSeconds(1));

        for (var i = 0; i < 20; i++)
            (await ValidateAsync(Draft().Sign(TestKey.Curve($"made-up-{i}"), "ES256"))).ShouldBe("token_key_unknown");
        issuer.Discoveries.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_was_withdrawn_vouches_for_nothing_even_of_what_it_vouched_for_before()
    {
        var token = Draft();
        token.Claims["exp"] = token.At(1_000_000);
        var text = token.Write();
        (await validator.ValidateAsync(text, issuer.Admission)).ShouldBe(Me);
        (await validator.ValidateAsync(text, issuer.Admission)).ShouldBe(Me);
        issuer.Keys[0] = Next.Published;
        time.Advance(TimeSpan.FromMinutes(5));

        (await ValidateAsync(Draft().Sign(Next, "RS256"))).ShouldBe(Me);

        (await validator.ValidateAsync(text, issuer.Admission)).ShouldBe("token_key_unknown");
    }

    [Fact]
    public async Task A_token_that_was_right_before_still_expires()
    {
        var text = Draft().Write();
        (await validator.ValidateAsync(text, issuer.Admission)).ShouldBe(Me);

        time.Advance(TimeSpan.FromSeconds(3660));

        (await validator.ValidateAsync(text, issuer.Admission)).ShouldBe("token_expired");
    }

    [Fact]
    public async Task A_token_that_was_right_before_is_not_right_for_another_event()
    {
        var text = Draft().Write();
        (await validator.ValidateAsync(text, issuer.Admission)).ShouldBe(Me);

        (await validator.ValidateAsync(text, issuer.Admission with { Audiences = ["api://other"] })).ShouldBe("token_audience");
        (await validator.ValidateAsync(text, issuer.Admission with { Groups = ["group-1"] })).ShouldBe("token_not_in_groups");
    }

    [Fact]
    public async Task While_the_provider_fails_its_keys_are_used_for_a_week()
    {
        (await ValidateAsync()).ShouldBe(Me);
        issuer.Instead = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        (await ValidateAsync()).ShouldBe(Me);
        // It may be a new one, which nobody can know now.
        (await ValidateAsync(Draft().Sign(Next, "RS256"))).ShouldBe("identity_provider_unavailable");

        time.Advance(TimeSpan.FromSeconds(1));
        (await ValidateAsync()).ShouldBe("identity_provider_unavailable");
    }

    [Fact]
    public async Task A_tenant_in_capital_letters_is_the_same_tenant()
    {
        var admission = issuer.Admission with { TenantId = LocalIssuer.Tenant.ToUpperInvariant() };

        (await validator.ValidateAsync(Draft().Write(), admission)).ShouldBe(Me);
    }

    [Theory]
    [InlineData("https://sts.windows.net/6f2d4a0e-8f1b-4c3a-9d57-0b6c1e2f3a4d/")]
    [InlineData("https://login.microsoftonline.com/6f2d4a0e-8f1b-4c3a-9d57-0b6c1e2f3a4d/v2.0")]
    public async Task Microsofts_cloud_has_an_issuer_for_each_version_of_tokens(string name)
    {
        using var certificate = Certificate("login.microsoftonline.com");
        await using var cloud = await LocalIssuer.StartAsync(host => host.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(certificate))));
        cloud.Discovery = document =>
        {
            document["issuer"] = $"https://login.microsoftonline.com/{LocalIssuer.Tenant}/v2.0";
            document["jwks_uri"] = "https://login.microsoftonline.com/discovery/v2.0/keys";
            return document;
        };
        using var handler = Leading(cloud.Address, certificate);
        using var here = new ValidatorUnderTest(time, handler);
        var token = Draft();
        token.Claims["iss"] = name;

        var result = await here.ValidateAsync(token.Write(), issuer.Admission with { Authority = TokenAdmission.DefaultAuthority });

        result.ShouldBe(Me);
    }

    // Every connection goes to this machine, whatever name it is for, and only that certificate is trusted.
    private static SocketsHttpHandler Leading(Uri here, X509Certificate2 certificate) => new()
    {
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { certificate },
            },
        },
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, here.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private static X509Certificate2 Certificate(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private TokenDraft Draft() => new(issuer, time.GetUtcNow());

    private Task<string> ValidateAsync() => ValidateAsync(Draft());

    private Task<string> ValidateAsync(TokenDraft token) => validator.ValidateAsync(token.Write(), issuer.Admission);
}
