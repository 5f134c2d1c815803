using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Simulator.Identity;

namespace OpenAIProxy.Simulator.Tests;

/// <summary>Which tokens open the models.</summary>
public sealed class BearerTests
{
    private const string WrongToken = """{"statusCode": 401, "message": "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired."}""";
    private const string Chat = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
    private const string V1 = "/openai/v1/chat/completions";

    [Theory]
    [InlineData("https://cognitiveservices.azure.com")]
    [InlineData("https://cognitiveservices.azure.com/")]
    [InlineData("https://cognitiveservices.azure.us")]
    [InlineData("https://ai.azure.com/")]
    public async Task A_token_for_the_models_opens_them(string audience)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--key", "the-only-one"]);
        using var response = await simulator.AskTokenAsync(fields: ("scope", audience + "/.default"));
        var token = (await response.JsonAsync()).Token();

        using var chat = await simulator.ChatWithAsync(token);
        using var v1 = await simulator.ChatWithAsync(token, V1);

        chat.StatusCode.ShouldBe(HttpStatusCode.OK);
        v1.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Every_algorithm_of_ours_is_believed(string algorithm)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var token = await simulator.OrderTokenAsync($$"""{"alg":"{{algorithm}}"}""");

        using var chat = await simulator.ChatWithAsync(token);

        chat.StatusCode.ShouldBe(HttpStatusCode.OK);
        Tokens.Header(token).GetProperty("alg").GetString().ShouldBe(algorithm);
        Tokens.IsSignedBy(token, await simulator.GetJsonAsync("/common/discovery/v2.0/keys")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_token_that_is_not_for_us_or_not_now_is_refused()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(time: new ManualTime());

        string[] orders =
        [
            """{"aud":"https://cognitiveservices.azure.com.elsewhere.example"}""",
            """{"aud":"https://management.azure.com/"}""",
            """{"aud":"https://cognitiveservices.azure.com//"}""",
            """{"claims":{"aud":["https://cognitiveservices.azure.com"]}}""",
            """{"claims":{"aud":null}}""",
            """{"claims":{"exp":null}}""",
            """{"claims":{"exp":"4102444800"}}""",
            """{"claims":{"uti":"made up"}}""",
            """{"lifetime":0}""",
            """{"lifetime":-1}""",
            """{"nbf":4102444800,"exp":4102448400}""",
            """{"kid":"nobody-knows-it"}""",
            """{"iss":"https://sts.elsewhere.example/72f00000-0000-4000-8000-0000000000aa/v2.0"}""",
            """{"claims":{"tid":"99999999-0000-4000-8000-000000000000"}}""",
        ];
        foreach (var order in orders)
        {
            var token = await simulator.OrderTokenAsync(order);
            foreach (var path in new[] { Chat, V1 })
            {
                using var chat = await simulator.ChatWithAsync(token, path);
                await ShouldBeRefusedAsync(chat, order);
            }
        }
    }

    [Fact]
    public async Task A_token_opens_until_the_second_it_expires()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(time: time);
        var token = await simulator.OrderTokenAsync("""{"lifetime":60}""");

        time.Advance(TimeSpan.FromSeconds(59.9));
        using var last = await simulator.ChatWithAsync(token);
        time.Advance(TimeSpan.FromSeconds(0.1));
        using var late = await simulator.ChatWithAsync(token);

        last.StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBeRefusedAsync(late);
    }

    [Fact]
    public async Task A_token_that_was_bent_is_refused()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var token = await simulator.OrderTokenAsync();
        var expired = await simulator.OrderTokenAsync("""{"lifetime":-10}""");
        var curveKey = Tokens.Header(await simulator.OrderTokenAsync("""{"alg":"ES256"}""")).GetProperty("kid").GetString();
        var parts = token.Split('.');
        var keys = await simulator.GetJsonAsync("/common/discovery/v2.0/keys");
        var modulus = Encoding.ASCII.GetBytes(keys.GetProperty("keys")[0].GetProperty("n").GetString()!);
        var confused = Tokens.Bent(token, header => header["alg"] = "HS256");

        string[] bent =
        [
            Tokens.Bent(expired, claims: claims => claims["exp"] = 4102444800),
            Tokens.Bent(token, header => header["alg"] = "none"),
            Tokens.Bent(token, header => header["alg"] = "none").Split('.')[0] + $".{parts[1]}.",
            Tokens.Bent(token, header => header["alg"] = "PS256"),
            Tokens.Bent(token, header => header["alg"] = "rs256"),
            Tokens.Bent(token, header => header["kid"] = curveKey),
            Tokens.Bent(token, header => header.Remove("kid")),
            Tokens.Bent(token, header => header["crit"] = new System.Text.Json.Nodes.JsonArray("exp")),
            confused[..(confused.LastIndexOf('.') + 1)] + Tokens.Encode(HMACSHA256.HashData(modulus, Encoding.ASCII.GetBytes(confused[..confused.LastIndexOf('.')]))),
            token[..^2],
            token + "=",
            token + "." + parts[1] + "." + parts[2],
            $"{parts[0]}.{parts[1]}",
            $"{parts[0]} .{parts[1]}.{parts[2]}",
            $"..{parts[2]}",
            "..",
            "eyJhbGciOiJSUzI1NiJ9.W10.x",
            "eyJ\ud83d\ude00.e30.e30",
            token.Replace(parts[1], Tokens.Encode("""{"aud":"\ud83d"}"""u8), StringComparison.Ordinal),
        ];
        foreach (var one in bent)
        {
            using var chat = await simulator.ChatWithAsync(Uri.EscapeDataString(one).Replace("%3D", "=", StringComparison.Ordinal).Replace("%20", " ", StringComparison.Ordinal));
            await ShouldBeRefusedAsync(chat, one);
        }

        (await simulator.ChatWithAsync(token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"alg":"RS256","kid":"KID"}""", 200)]
    [InlineData("""{"alg":"RS256","kid":"KID","crit":["exp"]}""", 401)]
    [InlineData("""{"alg":"RS384","kid":"KID"}""", 401)]
    [InlineData("""{"alg":"none","kid":"KID"}""", 401)]
    [InlineData("""{"kid":"KID"}""", 401)]
    [InlineData("""["RS256","KID"]""", 401)]
    public async Task A_header_that_says_something_else_is_refused_however_well_it_is_signed(string header, int status)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var claims = (await simulator.OrderTokenAsync()).Split('.')[1];
        var key = simulator.Services.GetRequiredService<SigningKeys>().Current(isRsa: true);
        var signed = $"{Tokens.Encode(Encoding.UTF8.GetBytes(header.Replace("KID", key.Id, StringComparison.Ordinal)))}.{claims}";

        using var chat = await simulator.ChatWithAsync($"{signed}.{Tokens.Encode(key.Sign("RS256", Encoding.ASCII.GetBytes(signed)))}");

        ((int)chat.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task A_token_that_is_no_utf8_is_refused()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var header = Tokens.Encode(Encoding.Latin1.GetBytes("""{"alg":"größe","kid":"x"}"""));

        using var chat = await simulator.ChatWithAsync($"{header}.{Tokens.Encode("{}"u8)}.AAAA");

        chat.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await chat.TextAsync()).ShouldBe(WrongToken);
    }

    [Fact]
    public async Task A_token_of_an_attackers_own_key_is_refused()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var token = await simulator.OrderTokenAsync();
        using var own = RSA.Create(2048);
        var signed = token[..token.LastIndexOf('.')];

        using var chat = await simulator.ChatWithAsync($"{signed}.{Tokens.Encode(own.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}");

        await ShouldBeRefusedAsync(chat);
    }

    [Fact]
    public async Task A_token_of_another_simulator_is_refused()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await using var other = await SimulatorUnderTest.StartAsync();

        using var chat = await simulator.ChatWithAsync(await other.OrderTokenAsync());

        await ShouldBeRefusedAsync(chat);
    }

    [Fact]
    public async Task A_token_of_sixteen_kilobytes_is_refused_before_it_is_read()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var endless = await simulator.OrderTokenAsync($$"""{"groups":["{{new string('g', 13_000)}}"]}""");

        using var chat = await simulator.ChatWithAsync(endless);

        endless.Length.ShouldBeInRange(16 * 1024, 30 * 1024);
        await ShouldBeRefusedAsync(chat);
    }

    [Fact]
    public async Task A_bearer_that_is_no_token_is_a_key_on_the_v1_surface_only()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var v1 = await simulator.ChatWithAsync("some-key", V1);
        using var deployment = await simulator.ChatWithAsync("some-key");

        v1.StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBeRefusedAsync(deployment);
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage answer, string token = "")
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, token);
        (await answer.TextAsync()).ShouldBe(WrongToken);
    }
}
