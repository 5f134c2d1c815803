using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>Keys that an issuer publishes but that must not be, or cannot be, what a token is checked with.</summary>
public sealed class PublishedKeyTests : IAsyncLifetime
{
    private static readonly TestKey Short = TestKey.Rsa("short", 2040);

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

    [Theory]
    [InlineData("use", "enc")]
    [InlineData("kty", "oct")]
    [InlineData("kid", null)]
    [InlineData("kid", "")]
    [InlineData("key_ops", "sign")]
    [InlineData("issuer", "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0")]
    [InlineData("n", "not base64url!")]
    [InlineData("n", "")]
    [InlineData("e", "AQ")]
    [InlineData("e", "AAE")]
    [InlineData("e", "Ag")]
    [InlineData("e", "")]
    [InlineData("e", "AQAAAAE")]
    [InlineData("e", "AQAB==")]
    public async Task A_key_is_passed_over_for_its(string member, string? value)
    {
        issuer.Keys[0][member] = value;

        (await ValidateAsync(Draft())).ShouldBe("token_key_unknown");
        (await ValidateAsync(Draft().Sign(LocalIssuer.Curve, "ES256"))).ShouldBe("entra:" + TokenDraft.Person);
    }

    [Theory]
    [InlineData("crv", "P-384")]
    [InlineData("crv", null)]
    [InlineData("x", "AAAA")]
    [InlineData("y", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    [InlineData("y", null)]
    public async Task A_curve_is_passed_over_for_its(string member, string? value)
    {
        issuer.Keys[1][member] = value;

        (await ValidateAsync(Draft().Sign(LocalIssuer.Curve, "ES256"))).ShouldBe("token_key_unknown");
        (await ValidateAsync(Draft())).ShouldBe("entra:" + TokenDraft.Person);
    }

    [Fact]
    public async Task A_key_is_taken_whose_operations_and_issuer_are_right()
    {
        issuer.Keys[0]["key_ops"] = new JsonArray("verify");
        issuer.Keys[0]["issuer"] = $"{issuer.Address}{{tenantid}}/v2.0";
        issuer.Keys[0].Remove("use");

        (await ValidateAsync(Draft())).ShouldBe("entra:" + TokenDraft.Person);
    }

    [Theory]
    [InlineData("sign")]
    [InlineData("encrypt")]
    public async Task A_key_is_passed_over_that_is_not_there_to_verify(string operation)
    {
        issuer.Keys[0]["key_ops"] = new JsonArray(operation);

        (await ValidateAsync(Draft())).ShouldBe("token_key_unknown");
    }

    [Fact]
    public async Task A_key_signs_only_with_the_algorithm_it_is_published_for()
    {
        issuer.Keys[0]["alg"] = "RS256";

        (await ValidateAsync(Draft())).ShouldBe("entra:" + TokenDraft.Person);
        (await ValidateAsync(Draft().Sign(LocalIssuer.Rsa, "PS256"))).ShouldBe("token_key_unfit");
    }

    [Fact]
    public async Task A_key_that_is_too_short_is_passed_over()
    {
        issuer.Keys.Add(Short.Published);

        (await ValidateAsync(Draft().Sign(Short, "RS256"))).ShouldBe("token_key_unknown");
    }

    [Fact]
    public async Task A_key_that_is_so_long_that_it_would_keep_the_server_busy_is_passed_over()
    {
        var modulus = RandomNumberGenerator.GetBytes(1025);
        (modulus[0], modulus[^1]) = (0x80, 0x81);
        issuer.Keys[0]["n"] = Base64Url.EncodeToString(modulus);

        (await ValidateAsync(Draft())).ShouldBe("token_key_unknown");
    }

    [Fact]
    public async Task Only_the_first_hundred_keys_are_read()
    {
        issuer.Keys.InsertRange(0, Enumerable.Range(0, 99).Select(i => new JsonObject { ["kid"] = $"other-{i}" }));

        (await ValidateAsync(Draft())).ShouldBe("entra:" + TokenDraft.Person);
        (await ValidateAsync(Draft().Sign(LocalIssuer.Curve, "ES256"))).ShouldBe("token_key_unknown");
    }

    [Fact]
    public async Task The_first_of_two_keys_of_one_id_counts()
    {
        issuer.Keys.Add(TestKey.Rsa(LocalIssuer.Rsa.Id).Published);

        (await ValidateAsync(Draft())).ShouldBe("entra:" + TokenDraft.Person);
    }

    private TokenDraft Draft() => new(issuer, time.GetUtcNow());

    private Task<string> ValidateAsync(TokenDraft token) => validator.ValidateAsync(token.Write(), issuer.Admission);
}
