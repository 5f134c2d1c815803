using System.Net;
using System.Text;
using System.Text.Json;
using static OpenAIProxy.Simulator.Tests.IdentityAsking;

namespace OpenAIProxy.Simulator.Tests;

public sealed class IdentityControlTests
{
    [Fact]
    public async Task A_person_can_be_made_up_with_all_claims()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var token = await simulator.OrderTokenAsync("""
            {"oid":"o","sub":"s","tid":"t","aud":"api://proxy","iss":"https://issuer.example/t/v2.0","appid":"a","groups":["g1","g2"],"roles":["r"],
             "iat":1000,"nbf":1001,"exp":2000,"claims":{"name":"Ann","ver":null}}
            """);

        var claims = Tokens.Claims(token);
        foreach (var (name, value) in new[] { ("oid", "o"), ("sub", "s"), ("tid", "t"), ("aud", "api://proxy"), ("iss", "https://issuer.example/t/v2.0"), ("appid", "a"), ("name", "Ann") })
            claims.GetProperty(name).GetString().ShouldBe(value);
        claims.GetProperty("groups").EnumerateArray().Select(group => group.GetString()).ShouldBe(["g1", "g2"]);
        claims.GetProperty("roles")[0].GetString().ShouldBe("r");
        new[] { "iat", "nbf", "exp" }.Select(name => claims.GetProperty(name).GetInt64()).ShouldBe([1000, 1001, 2000]);
        claims.TryGetProperty("ver", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Tokens_are_counted_by_client_and_questions_by_endpoint()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        for (var i = 0; i < 2; i++)
            (await simulator.AskTokenAsync()).Dispose();
        (await simulator.AskTokenAsync(fields: ("client_id", "another"))).Dispose();
        (await simulator.AskTokenAsync(fields: ("client_secret", null))).Dispose();
        await simulator.GetJsonAsync("/common/discovery/v2.0/keys");
        await simulator.OrderTokenAsync();
        var counts = await simulator.GetJsonAsync("/simulator/identity");

        counts.GetProperty("asked").GetProperty("token").GetInt64().ShouldBe(4);
        counts.GetProperty("asked").GetProperty("keys").GetInt64().ShouldBe(1);
        counts.GetProperty("issued").GetProperty("total").GetInt64().ShouldBe(3);
        counts.GetProperty("issued").GetProperty("byClient").GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal).ShouldBe("""{"an-application":2,"another":1}""");
        counts.GetProperty("issued").GetProperty("byAudience").GetProperty(Resource).GetInt64().ShouldBe(3);
        counts.GetProperty("ordered").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Identity_requests_are_not_among_the_served_ones()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        (await simulator.AskTokenAsync()).Dispose();

        (await simulator.ServedAsync()).Total("requests").ShouldBe(0);
    }

    [Fact]
    public async Task After_a_rotation_new_tokens_have_a_new_key_and_old_ones_still_open()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var old = await simulator.OrderTokenAsync();

        (await simulator.Http.PostAsync("/simulator/identity/rotate", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var young = await simulator.OrderTokenAsync();

        KeyOf(young).ShouldNotBe(KeyOf(old));
        var keys = await simulator.GetJsonAsync("/common/discovery/v2.0/keys");
        Tokens.IsSignedBy(old, keys).ShouldBeTrue();
        Tokens.IsSignedBy(young, keys).ShouldBeTrue();
        (await simulator.ChatWithAsync(old)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await simulator.ChatWithAsync(young)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_that_is_withdrawn_is_not_published_and_opens_nothing_but_can_still_sign()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var old = await simulator.OrderTokenAsync();

        (await simulator.Http.PostAsync("/simulator/identity/rotate", new StringContent("""{"withdraw":true}"""))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var stolen = await simulator.OrderTokenAsync($$"""{"kid":"{{KeyOf(old)}}"}""");

        var keys = await simulator.GetJsonAsync("/common/discovery/v2.0/keys");
        Tokens.IsSignedBy(old, keys).ShouldBeFalse();
        keys.GetProperty("keys").GetArrayLength().ShouldBe(2);
        KeyOf(stolen).ShouldBe(KeyOf(old));
        (await simulator.ChatWithAsync(old)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await simulator.ChatWithAsync(stolen)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_revocation_ends_every_token_of_before_within_the_same_second()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(time: new ManualTime());
        var before = await simulator.OrderTokenAsync();

        (await simulator.Http.PostAsync("/simulator/identity/revoke", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var after = await simulator.OrderTokenAsync();

        (await simulator.ChatWithAsync(before)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await simulator.ChatWithAsync(after)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_endpoint_can_be_down_for_a_while()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.SetIdentityAsync("""
            {"outages":[{"endpoint":"token","kind":"status","status":503,"retryAfter":"2","skip":1,"times":1},
                        {"endpoint":"token","kind":"status","status":500,"body":{"own":true},"skip":1,"times":1},
                        {"endpoint":"keys","kind":"garbage"}]}
            """);

        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await simulator.AskTokenAsync();
            statuses.Add((int)answer.StatusCode);
            if (i == 1)
                answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
            if (i == 2)
                (await answer.TextAsync()).ShouldBe("""{"own":true}""");
        }

        statuses.ShouldBe([200, 503, 500, 200]);
        using var keys = await simulator.Http.GetAsync("/common/discovery/v2.0/keys");
        keys.StatusCode.ShouldBe(HttpStatusCode.OK);
        var garbage = await keys.TextAsync();
        Should.Throw<JsonException>(() => JsonDocument.Parse(garbage));
    }

    [Fact]
    public async Task An_endpoint_can_hang_and_one_can_wait_for_it_to()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.SetIdentityAsync("""{"outages":[{"endpoint":"metadata","kind":"hang"}]}""");
        using var patience = new CancellationTokenSource();

        var hanging = simulator.Http.GetAsync("/metadata/identity/oauth2/token", patience.Token);
        var counts = await simulator.GetJsonAsync("/simulator/identity?metadata=1");

        counts.GetProperty("asked").GetProperty("metadata").GetInt64().ShouldBe(1);
        hanging.IsCompleted.ShouldBeFalse();
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(hanging);
    }

    [Fact]
    public async Task Settings_are_shown_replaced_and_forgotten()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.SetIdentityAsync("""{"tokenSeconds":60,"clients":[]}""");
        await simulator.SetIdentityAsync("""{"tokenSeconds":30, /* a remark */ }""");
        (await simulator.AskTokenAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await simulator.GetJsonAsync("/simulator/identity")).GetProperty("settings").GetProperty("tokenSeconds").GetInt64().ShouldBe(30);

        (await simulator.Http.DeleteAsync("/simulator/identity")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var shown = await simulator.GetJsonAsync("/simulator/identity");
        shown.GetProperty("settings").EnumerateObject().ShouldBeEmpty();
        shown.GetProperty("asked").GetProperty("token").GetInt64().ShouldBe(0);
        shown.GetProperty("issued").GetProperty("total").GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("PUT", "identity", """{"tokenSecond":60}""", "tokenSecond: is not a field of the identity's settings")]
    [InlineData("PUT", "identity", """{"tokenSeconds":0}""", "tokenSeconds: an integer of at least 1 is expected")]
    [InlineData("PUT", "identity", """{"tenants":["x y"]}""", "tenants: 'x y' is neither an id nor a domain")]
    [InlineData("PUT", "identity", """{"clients":[{"secrets":["x"]}]}""", "clients[0].id: is missing")]
    [InlineData("PUT", "identity", """{"clients":[{"id":"x","colour":1}]}""", "clients[0].colour: is not a field of a client")]
    [InlineData("PUT", "identity", """{"managedIdentities":{"users":[]}}""", "managedIdentities.users: is not a field of managedIdentities")]
    [InlineData("PUT", "identity", """{"outages":[{"endpoint":"moon","kind":"hang"}]}""", "outages[0].endpoint: one of token")]
    [InlineData("PUT", "identity", """{"outages":[{"endpoint":"keys","kind":"status","status":700}]}""", "outages[0].status: at most 599")]
    [InlineData("PUT", "identity", "[]", "an object is expected")]
    [InlineData("PUT", "identity", """{"identityHeader":"\ud83d"}""", "the body has a string that is no text")]
    [InlineData("POST", "identity/rotate", """{"withdraw":1}""", "withdraw: true or false is expected")]
    [InlineData("POST", "tokens", """{"alg":"none"}""", "alg: one of RS256, PS256, ES256 is expected")]
    [InlineData("POST", "tokens", """{"exp":1e99}""", "exp: a whole number of seconds is expected")]
    [InlineData("POST", "tokens", """{"groups":"g"}""", "groups: an array of strings is expected")]
    [InlineData("POST", "tokens", """{"claims":[]}""", "claims: an object is expected")]
    [InlineData("POST", "tokens", """{"claims":{"a":1,"a":2}}""", "claims: 'a' is there twice")]
    [InlineData("POST", "tokens", "not json", "the body is not JSON")]
    public async Task A_wrong_field_is_named(string method, string path, string body, string message)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.Http.SendAsync(new(new(method), "/simulator/" + path) { Content = new StringContent(body) });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).GetProperty("error").GetProperty("message").GetString()!.ShouldContain(message);
    }

    [Fact]
    public async Task What_is_no_utf8_is_refused()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.Http.PostAsync("/simulator/tokens", new ByteArrayContent(Encoding.Latin1.GetBytes("""{"oid":"größe"}""")));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).GetProperty("error").GetProperty("message").GetString().ShouldBe("the body has a string that is no text");
    }

    private static string KeyOf(string token) => Tokens.Header(token).GetProperty("kid").GetString()!;
}
