using System.Net;
using System.Text;
using System.Text.Json;
using static OpenAIProxy.Simulator.Tests.IdentityAsking;

namespace OpenAIProxy.Simulator.Tests;

public sealed class IdentityTests
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    [Fact]
    public async Task An_application_gets_a_token_that_the_published_keys_confirm()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(time: time);

        using var response = await simulator.AskTokenAsync();
        var answer = await response.JsonAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.GetProperty("token_type").GetString().ShouldBe("Bearer");
        answer.GetProperty("expires_in").GetInt64().ShouldBe(3600);
        var claims = Tokens.Claims(answer.Token());
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        claims.GetProperty("iat").GetInt64().ShouldBe(now);
        claims.GetProperty("nbf").GetInt64().ShouldBe(now);
        claims.GetProperty("exp").GetInt64().ShouldBe(now + 3600);
        claims.GetProperty("aud").GetString().ShouldBe(Resource);
        claims.GetProperty("iss").GetString().ShouldBe($"{simulator.Url("http:")}/{Tenant}/v2.0");
        claims.GetProperty("tid").GetString().ShouldBe(Tenant);
        claims.GetProperty("appid").GetString().ShouldBe("an-application");
        claims.GetProperty("sub").GetString().ShouldBe(claims.GetProperty("oid").GetString());
        Tokens.IsSignedBy(answer.Token(), await simulator.GetJsonAsync($"/{Tenant}/discovery/v2.0/keys")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_configuration_leads_from_a_tenant_to_its_keys()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        using var response = await simulator.AskTokenAsync("contoso.example");
        var token = (await response.JsonAsync()).Token();

        var configuration = await simulator.GetJsonAsync("/contoso.example/v2.0/.well-known/openid-configuration");

        configuration.GetProperty("issuer").GetString().ShouldBe(Tokens.Claims(token).GetProperty("iss").GetString());
        configuration.GetProperty("token_endpoint").GetString().ShouldBe(simulator.Url("http:") + "/contoso.example/oauth2/v2.0/token");
        var keys = await simulator.GetJsonAsync(new Uri(configuration.GetProperty("jwks_uri").GetString()!).AbsolutePath);
        Tokens.IsSignedBy(token, keys).ShouldBeTrue();
        keys.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kty").GetString()).ShouldBe(["RSA", "EC"]);
        keys.GetRawText().ShouldNotContain("\"d\"");
    }

    [Fact]
    public async Task The_configuration_of_any_tenant_names_none()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var configuration = await simulator.GetJsonAsync("/common/v2.0/.well-known/openid-configuration");

        configuration.GetProperty("issuer").GetString().ShouldBe(simulator.Url("http:") + "/{tenantid}/v2.0");
    }

    [Fact]
    public async Task The_only_authority_is_the_simulator()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var host = new Uri(simulator.Url("http:")).Authority;

        var instance = await simulator.GetJsonAsync($"/common/discovery/instance?api-version=1.1&authorization_endpoint=https%3A%2F%2F{host}%2F{Tenant}%2Foauth2%2Fv2.0%2Fauthorize");

        instance.GetProperty("tenant_discovery_endpoint").GetString().ShouldBe($"{simulator.Url("http:")}/{Tenant}/v2.0/.well-known/openid-configuration");
        instance.GetProperty("metadata")[0].GetProperty("aliases")[0].GetString().ShouldBe(host);
    }

    [Fact]
    public async Task A_workload_comes_with_the_assertion_of_somebody_else()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.SetIdentityAsync("""{"clients":[{"id":"an-application","secrets":[],"subjects":["system:serviceaccount:lab:proxy"]}]}""");

        using var own = await simulator.AskTokenAsync(fields: Asserted("system:serviceaccount:lab:proxy"));
        using var other = await simulator.AskTokenAsync(fields: Asserted("system:serviceaccount:lab:stranger"));
        using var secret = await simulator.AskTokenAsync();

        Tokens.Claims((await own.JsonAsync()).Token()).GetProperty("appid").GetString().ShouldBe("an-application");
        (await ErrorAsync(other)).ShouldBe((401, "invalid_client", 700213));
        (await ErrorAsync(secret)).ShouldBe((401, "invalid_client", 7000215));
    }

    [Theory]
    [InlineData("no token at all", 50027)]
    [InlineData("eyJhbGciOiJub25lIn0.!!.", 50027)]
    [InlineData("eyJhbGciOiJub25lIn0.e30.", 50027)]
    public async Task An_assertion_that_is_none_is_refused(string assertion, int code)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.AskTokenAsync(fields: [("client_secret", null), ("client_assertion", assertion), ("client_assertion_type", AssertionType)]);

        (await ErrorAsync(answer)).ShouldBe((401, "invalid_client", code));
    }

    [Fact]
    public async Task An_assertion_that_has_expired_is_refused()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(time: time);
        time.Advance(TimeSpan.FromDays(365 * 100));

        using var answer = await simulator.AskTokenAsync(fields: Asserted("anybody"));

        (await ErrorAsync(answer)).ShouldBe((401, "invalid_client", 700024));
    }

    [Theory]
    [InlineData(Tenant, "client_secret", "a-guess-at-it", 401, "invalid_client", 7000215)]
    [InlineData(Tenant, "client_secret", null, 401, "invalid_client", 7000216)]
    [InlineData(Tenant, "client_secret", "", 401, "invalid_client", 7000216)]
    [InlineData(Tenant, "client_id", "a-stranger", 400, "unauthorized_client", 700016)]
    [InlineData(Tenant, "client_id", null, 400, "invalid_request", 900144)]
    [InlineData(Tenant, "grant_type", null, 400, "invalid_request", 900144)]
    [InlineData(Tenant, "grant_type", "password", 400, "unsupported_grant_type", 70003)]
    [InlineData(Tenant, "scope", null, 400, "invalid_request", 900144)]
    [InlineData(Tenant, "scope", Resource, 400, "invalid_scope", 1002012)]
    [InlineData(Tenant, "scope", "/.default", 400, "invalid_scope", 1002012)]
    [InlineData(Tenant, "scope", Resource + "/.default openid /.default", 400, "invalid_scope", 1002012)]
    [InlineData("99999999-0000-4000-8000-000000000000", "client_id", "an-application", 400, "invalid_request", 90002)]
    [InlineData("nonsense", "client_id", "an-application", 400, "invalid_request", 900023)]
    [InlineData("common", "client_id", "an-application", 400, "invalid_request", 50059)]
    public async Task A_wrong_request_is_refused_as_Entra_does(string tenant, string field, string? value, int status, string error, int code)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.SetIdentityAsync($$"""{"tenants":["{{Tenant}}"],"clients":[{"id":"an-application","secrets":["its-secret"]}]}""");

        using var answer = await simulator.AskTokenAsync(tenant, (field, value));

        (await ErrorAsync(answer)).ShouldBe((status, error, code));
        (await answer.TextAsync()).ShouldNotContain("a-guess-at-it");
        (await simulator.GetJsonAsync("/simulator/identity")).GetProperty("issued").GetProperty("total").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_form_that_is_garbage_or_too_long_is_refused()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        const string path = $"/{Tenant}/oauth2/v2.0/token";

        using var garbage = await simulator.Http.PostAsync(path, new ByteArrayContent([0xff, 0x00, (byte)'%', (byte)'=', 0xfe]));
        using var empty = await simulator.Http.PostAsync(path, null);
        using var huge = await simulator.Http.PostAsync(path, new ByteArrayContent(new byte[65 * 1024]));
        using var get = await simulator.Http.GetAsync(path);

        (await ErrorAsync(garbage)).ShouldBe((400, "invalid_request", 900144));
        (await ErrorAsync(empty)).ShouldBe((400, "invalid_request", 900144));
        ((int)huge.StatusCode).ShouldBe(413);
        (await ErrorAsync(get)).ShouldBe((405, "invalid_request", 900561));
    }

    [Fact]
    public async Task Roles_and_times_are_those_that_were_set()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.SetIdentityAsync("""{"tokenSeconds":90,"refreshSeconds":45,"clients":[{"id":"an-application","roles":["Model.Use"]}]}""");

        using var response = await simulator.AskTokenAsync();
        var answer = await response.JsonAsync();

        answer.GetProperty("expires_in").GetInt64().ShouldBe(90);
        answer.GetProperty("refresh_in").GetInt64().ShouldBe(45);
        var claims = Tokens.Claims(answer.Token());
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(90);
        claims.GetProperty("roles")[0].GetString().ShouldBe("Model.Use");
    }

    private static (string Name, string? Value)[] Asserted(string subject)
    {
        var assertion = Tokens.Made("""{"alg":"RS256"}""", $$"""{"sub":"{{subject}}","exp":4102444800}""", Encoding.ASCII.GetBytes("not looked at"));
        return [("client_secret", null), ("client_assertion", assertion), ("client_assertion_type", AssertionType)];
    }

    private static async Task<(int Status, string Error, int Code)> ErrorAsync(HttpResponseMessage answer)
    {
        var body = await answer.JsonAsync();
        var code = body.GetProperty("error_codes")[0].GetInt32();
        body.GetProperty("error_description").GetString().ShouldStartWith($"AADSTS{code}: ");
        foreach (var name in new[] { "timestamp", "trace_id", "correlation_id", "error_uri" })
            body.GetProperty(name).ValueKind.ShouldBe(JsonValueKind.String);
        return ((int)answer.StatusCode, body.GetProperty("error").GetString()!, code);
    }
}
