using System.Net;
using System.Text.Json;
using static OpenAIProxy.Simulator.Tests.IdentityAsking;

namespace OpenAIProxy.Simulator.Tests;

public sealed class ManagedIdentityTests
{
    private const string AppService = "/msi/token?api-version=2019-08-01&resource=" + Resource;
    private const string Metadata = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=" + Resource;

    [Fact]
    public async Task App_Service_lends_its_own_identity_and_assigned_ones()
    {
        var time = new ManualTime();
        await using var simulator = await SimulatorUnderTest.StartAsync(time: time);
        await simulator.SetIdentityAsync("""{"tokenSeconds":600,"identityHeader":"of-the-platform"}""");

        using var system = await GetAsync(simulator, AppService, ("X-IDENTITY-HEADER", "of-the-platform"));
        using var user = await GetAsync(simulator, AppService + "&client_id=assigned-one", ("X-IDENTITY-HEADER", "of-the-platform"));

        var answer = await system.JsonAsync();
        Shape.Of(answer).ShouldBe("{access_token:string,expires_on:string,resource:string,token_type:string,client_id:string}");
        answer.GetProperty("expires_on").GetString().ShouldBe($"{time.GetUtcNow().ToUnixTimeSeconds() + 600}");
        answer.GetProperty("resource").GetString().ShouldBe(Resource);
        (await user.JsonAsync()).GetProperty("client_id").GetString().ShouldBe("assigned-one");
        Tokens.Claims((await user.JsonAsync()).Token()).GetProperty("appid").GetString().ShouldBe("assigned-one");
        Tokens.Claims((await user.JsonAsync()).Token()).GetProperty("oid").GetString().ShouldNotBe(Tokens.Claims(answer.Token()).GetProperty("oid").GetString());
    }

    [Fact]
    public async Task A_machine_lends_its_identity()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var response = await GetAsync(simulator, Metadata, ("Metadata", "true"));
        var answer = await response.JsonAsync();

        Shape.Of(answer).ShouldBe(
            "{access_token:string,client_id:string,expires_in:string,expires_on:string,ext_expires_in:string,not_before:string,resource:string,token_type:string}");
        using var chat = await simulator.ChatWithAsync(answer.Token());
        chat.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("&client_id=a-stranger")]
    [InlineData("&mi_res_id=/subscriptions/x/a-stranger")]
    [InlineData("")]
    public async Task An_identity_that_is_not_assigned_is_not_found(string query)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.SetIdentityAsync("""{"managedIdentities":{"system":false,"user":["assigned-one"]}}""");

        using var site = await GetAsync(simulator, AppService + query, ("X-IDENTITY-HEADER", "any"));
        using var machine = await GetAsync(simulator, Metadata + query, ("Metadata", "true"));
        using var assigned = await GetAsync(simulator, Metadata + "&client_id=ASSIGNED-one", ("Metadata", "true"));

        site.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var refusal = await site.JsonAsync();
        refusal.GetProperty("statusCode").GetInt32().ShouldBe(400);
        refusal.GetProperty("message").GetString().ShouldBe("No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.");
        refusal.GetProperty("correlationId").ValueKind.ShouldBe(JsonValueKind.String);
        machine.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await machine.TextAsync()).ShouldBe("""{"error":"invalid_request","error_description":"Identity not found"}""");
        assigned.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null, AppService)]
    [InlineData("a-guess", AppService)]
    public async Task Without_the_platforms_header_App_Service_gives_nothing(string? header, string path)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        await simulator.SetIdentityAsync("""{"identityHeader":"of-the-platform"}""");

        using var answer = await GetAsync(simulator, path, ("X-IDENTITY-HEADER", header));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null, Metadata, "Required metadata header not specified")]
    [InlineData("false", Metadata, "Required metadata header not specified")]
    [InlineData("true", "/metadata/identity/oauth2/token?resource=x", "Required query variable 'api-version' is missing")]
    [InlineData("true", "/metadata/identity/oauth2/token?api-version=2018-02-01", "Required query variable 'resource' is missing")]
    public async Task A_machine_says_what_is_missing(string? header, string path, string description)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await GetAsync(simulator, path, ("Metadata", header));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).GetProperty("error_description").GetString().ShouldBe(description);
    }

    [Theory]
    [InlineData("/msi/token?resource=x")]
    [InlineData("/msi/token?api-version=2017-09-01&resource=x")]
    [InlineData("/msi/token?api-version=2019-08-01")]
    [InlineData("/msi/token/?api-version=2019-08-01&resource=")]
    public async Task App_Service_wants_a_version_and_a_resource(string path)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await GetAsync(simulator, path, ("X-IDENTITY-HEADER", "any"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).GetProperty("statusCode").GetInt32().ShouldBe(400);
    }

    private static async Task<HttpResponseMessage> GetAsync(SimulatorUnderTest simulator, string path, (string Name, string? Value) header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header.Value is not null)
            request.Headers.Add(header.Name, header.Value);
        return await simulator.Http.SendAsync(request);
    }
}
