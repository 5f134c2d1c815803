using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Portal.Tests;

/// <summary>A backend has an API key or an identity of Microsoft Entra ID.</summary>
public sealed class IdentityTests : IAsyncLifetime
{
    private const string Application =
        """{"kind":"clientSecret","tenantId":"contoso.onmicrosoft.com","clientId":"8eaef023-2b34-4da1-9baa-8bc8c9d6a490","clientSecret":"s3cret"}""";

    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("default", EntraIdentityKind.Default)]
    [InlineData("managedIdentity", EntraIdentityKind.ManagedIdentity)]
    [InlineData("workloadIdentity", EntraIdentityKind.WorkloadIdentity)]
    [InlineData("azureCli", EntraIdentityKind.AzureCli)]
    public async Task A_kind_alone_is_an_identity(string kind, EntraIdentityKind expected)
    {
        var made = await AddAsync($$"""{"kind":"{{kind}}"}""");

        made.Status.ShouldBe(201, made.Body);
        made.Json.GetProperty("entra").GetRawText().ShouldBe($$"""{"kind":"{{kind}}","tenantId":null,"clientId":null,"scope":null,"authority":null}""");
        made.Json.GetProperty("hasApiKey").GetBoolean().ShouldBeFalse();
        made.Json.GetProperty("hasClientSecret").GetBoolean().ShouldBeFalse();
        Credential().ShouldBe(new BackendCredential.Entra(new EntraIdentity { Kind = expected }, null));
    }

    [Fact]
    public async Task Everything_that_is_said_of_an_identity_is_shown_but_its_secret_and_is_in_force()
    {
        var made = await AddAsync("""
            {"kind":"clientSecret","tenantId":"contoso.example","clientId":"app","scope":"api://x/.default","authority":"https://login.example/","clientSecret":"s3cret"}
            """);

        var shown = await gateway.Api.SendAsync("GET", "/api/backends/eu");

        shown.Body.ShouldBe(made.Body);
        shown.Json.GetProperty("entra").GetRawText()
            .ShouldBe("""{"kind":"clientSecret","tenantId":"contoso.example","clientId":"app","scope":"api://x/.default","authority":"https://login.example/"}""");
        shown.Json.GetProperty("hasClientSecret").GetBoolean().ShouldBeTrue();
        var entra = Credential().ShouldBeOfType<BackendCredential.Entra>();
        entra.Secret.ShouldBe("s3cret");
        entra.Identity.ShouldBe(new EntraIdentity
        {
            Kind = EntraIdentityKind.ClientSecret,
            TenantId = "contoso.example",
            ClientId = "app",
            Scope = "api://x/.default",
            Authority = new Uri("https://login.example/"),
        });
    }

    [Theory]
    [InlineData("""{}""", "apiKey", "needs an apiKey, or an identity as entra")]
    [InlineData("""{"entra":null}""", "apiKey", "needs an apiKey, or an identity as entra")]
    [InlineData("""{"apiKey":"k","entra":{"kind":"default"}}""", "entra", "give one of them")]
    [InlineData("""{"apiKey":""}""", "apiKey", "visible ASCII")]
    [InlineData("""{"entra":{}}""", "entra", "lacks 'kind'")]
    [InlineData("""{"entra":{"kind":"password"}}""", "entra.kind", "It takes default, managedIdentity")]
    [InlineData("""{"entra":{"kind":3}}""", "entra.kind", "It takes default, managedIdentity")]
    [InlineData("""{"entra":{"kind":"clientSecret","clientId":"app","clientSecret":"s"}}""", "entra.tenantId", "contoso.onmicrosoft.com")]
    [InlineData("""{"entra":{"kind":"clientSecret","tenantId":"t","clientSecret":"s"}}""", "entra.clientId", "client id of the application")]
    [InlineData("""{"entra":{"kind":"clientSecret","tenantId":"t","clientId":"app"}}""", "entra.clientSecret", "needs the application's secret")]
    [InlineData("""{"entra":{"kind":"clientSecret","tenantId":"t","clientId":"app","clientSecret":""}}""", "entra.clientSecret", "visible ASCII")]
    [InlineData("""{"entra":{"kind":"managedIdentity","clientSecret":"s"}}""", "entra.clientSecret", "only the kind clientSecret has one")]
    [InlineData("""{"entra":{"kind":"default","tenantId":""}}""", "entra.tenantId", "contoso.onmicrosoft.com")]
    [InlineData("""{"entra":{"kind":"default","tenantId":"a/../b"}}""", "entra.tenantId", "contoso.onmicrosoft.com")]
    [InlineData("""{"entra":{"kind":"default","clientId":"a b"}}""", "entra.clientId", "visible ASCII")]
    [InlineData("""{"entra":{"kind":"azureCli","scope":"x; rm -rf /.default"}}""", "entra.scope", "such as https://cognitiveservices.azure.com/.default")]
    [InlineData("""{"entra":{"kind":"default","scope":"https://cognitiveservices.azure.com/"}}""", "entra.scope", "then /.default")]
    [InlineData("""{"entra":{"kind":"default","authority":"login.microsoftonline.com"}}""", "entra.authority", "such as https://login.microsoftonline.com/")]
    [InlineData("""{"entra":{"kind":"default","authority":"http://login.microsoftonline.com/"}}""", "entra.authority", "https")]
    [InlineData("""{"entra":{"kind":"default","authority":"https://a:b@login.example/"}}""", "entra.authority", "without user")]
    [InlineData("""{"entra":{"kind":"default","authority":"https://login.example/?q"}}""", "entra.authority", "query")]
    public async Task What_makes_no_sense_is_named_with_what_would_do(string body, string field, string words)
    {
        var whole = JsonNode.Parse(body)!.AsObject();
        (whole["name"], whole["endpoint"]) = ("eu", "https://eu.openai.azure.com");

        var answer = await gateway.Api.SendAsync("POST", "/api/backends", whole.ToJsonString());

        answer.Status.ShouldBe(400, answer.Body);
        answer.Json.GetProperty("errors").GetProperty(field)[0].GetString()!.ShouldContain(words);
        (await gateway.Api.SendAsync("GET", "/api/backends/eu")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_identity_takes_the_place_of_a_key_and_a_key_that_of_an_identity()
    {
        await gateway.Api.SendAsync("POST", "/api/backends", """{"name":"eu","endpoint":"https://eu.openai.azure.com","apiKey":"key-1"}""");

        var toEntra = await ChangeAsync($$"""{"entra":{{Application}}}""");
        Credential().ShouldBeOfType<BackendCredential.Entra>().Secret.ShouldBe("s3cret");
        var toNothing = await ChangeAsync("""{"entra":null}""");
        var toBoth = await ChangeAsync("""{"apiKey":"key-2","entra":{"scope":null}}""");
        var toKey = await ChangeAsync("""{"apiKey":"key-2"}""");

        (toEntra.Status, toEntra.Json.GetProperty("hasApiKey").GetBoolean(), toEntra.Json.GetProperty("hasClientSecret").GetBoolean()).ShouldBe((200, false, true));
        toNothing.Json.GetProperty("errors").GetProperty("apiKey")[0].GetString()!.ShouldContain("give an apiKey");
        toBoth.Json.GetProperty("errors").GetProperty("entra")[0].GetString()!.ShouldContain("give one of them");
        (toKey.Status, toKey.Json.GetProperty("entra").GetRawText(), toKey.Json.GetProperty("hasClientSecret").GetBoolean()).ShouldBe((200, "null", false));
        Credential().ShouldBe(new BackendCredential.ApiKey("key-2"));
        // What was forgotten does not come back.
        var back = await ChangeAsync("""{"entra":{"kind":"clientSecret","tenantId":"contoso.onmicrosoft.com","clientId":"8eaef023-2b34-4da1-9baa-8bc8c9d6a490"}}""");
        back.Json.GetProperty("errors").TryGetProperty("entra.clientSecret", out _).ShouldBeTrue(back.Body);
        (await ChangeAsync("""{"entra":null,"apiVersion":"2025-01-01-preview"}""")).Status.ShouldBe(200);
        Credential().ShouldBe(new BackendCredential.ApiKey("key-2"));
    }

    [Theory]
    [InlineData("""{"apiVersion":"2025-01-01-preview"}""", true)]
    [InlineData("""{"endpoint":"https://EU.openai.azure.com/base"}""", true)]
    [InlineData("""{"entra":{"scope":"https://cognitiveservices.azure.us/.default"}}""", true)]
    [InlineData("""{"entra":{"tenantId":"CONTOSO.onmicrosoft.com"}}""", true)]
    [InlineData("""{"entra":{"tenantId":"evil.example"}}""", false)]
    [InlineData("""{"entra":{"clientId":"another"}}""", false)]
    [InlineData("""{"entra":{"authority":"https://evil.example/"}}""", false)]
    [InlineData("""{"entra":{"scope":null},"endpoint":"https://evil.example"}""", false)]
    [InlineData("""{"endpoint":"https://evil.example"}""", false)]
    [InlineData("""{"endpoint":"http://eu.openai.azure.com"}""", false)]
    [InlineData("""{"endpoint":"https://eu.openai.azure.com:444"}""", false)]
    public async Task A_stored_secret_goes_where_it_went_and_nowhere_else(string patch, bool stays)
    {
        await AddAsync(Application);

        var answer = await ChangeAsync(patch);

        answer.Status.ShouldBe(stays ? 200 : 400, answer.Body);
        if (!stays)
            answer.Json.GetProperty("errors").EnumerateObject().Single().Value[0].GetString()!.ShouldContain("given again");
        Credential().ShouldBeOfType<BackendCredential.Entra>().Secret.ShouldBe("s3cret");
        (Backend().Endpoint.Host, Backend().Endpoint.Scheme, Backend().Endpoint.Port).ShouldBe(("eu.openai.azure.com", "https", 443));
    }

    [Theory]
    [InlineData("""{"apiVersion":"2025-01-01-preview"}""", true)]
    [InlineData("""{"endpoint":"https://EU.openai.azure.com/base"}""", true)]
    [InlineData("""{"endpoint":"https://evil.example"}""", false)]
    [InlineData("""{"endpoint":"http://eu.openai.azure.com"}""", false)]
    [InlineData("""{"endpoint":"https://eu.openai.azure.com:444"}""", false)]
    public async Task A_stored_key_goes_where_it_went_and_nowhere_else(string patch, bool stays)
    {
        await gateway.Api.SendAsync("POST", "/api/backends", """{"name":"eu","endpoint":"https://eu.openai.azure.com","apiKey":"key-1"}""");

        var answer = await ChangeAsync(patch);

        answer.Status.ShouldBe(stays ? 200 : 400, answer.Body);
        if (!stays)
            answer.Json.GetProperty("errors").GetProperty("apiKey")[0].GetString()!.ShouldContain("given again");
        Credential().ShouldBe(new BackendCredential.ApiKey("key-1"));
        (Backend().Endpoint.Host, Backend().Endpoint.Scheme, Backend().Endpoint.Port).ShouldBe(("eu.openai.azure.com", "https", 443));
    }

    [Fact]
    public async Task Another_host_gets_no_token_unless_the_identity_is_said_again()
    {
        await AddAsync("""{"kind":"managedIdentity"}""");

        var alone = await ChangeAsync("""{"endpoint":"https://us.openai.azure.com"}""");
        var again = await ChangeAsync("""{"endpoint":"https://us.openai.azure.com","entra":{"kind":"managedIdentity"}}""");

        alone.Status.ShouldBe(400);
        alone.Json.GetProperty("errors").GetProperty("entra")[0].GetString()!.ShouldContain("given again");
        again.Status.ShouldBe(200, again.Body);
        Backend().Endpoint.Host.ShouldBe("us.openai.azure.com");
    }

    [Fact]
    public async Task A_document_that_does_not_say_the_identity_leaves_it_and_one_that_says_none_needs_a_key()
    {
        await AddAsync(Application);

        var left = await ApplyAsync("""{"name":"eu","endpoint":"https://eu.openai.azure.com","apiVersion":"2025-01-01-preview"}""");
        var moved = await ApplyAsync("""{"name":"eu","endpoint":"https://us.openai.azure.com"}""");
        var none = await ApplyAsync("""{"name":"eu","endpoint":"https://eu.openai.azure.com","entra":null}""");
        var other = await ApplyAsync("""{"name":"eu","endpoint":"https://eu.openai.azure.com","entra":{"kind":"azureCli","tenantId":"?"}}""");

        left.Status.ShouldBe(200, left.Body);
        left.Json.GetProperty("changes")[0].GetProperty("fields").EnumerateObject().Single().Name.ShouldBe("apiVersion");
        moved.Json.GetProperty("errors").TryGetProperty("backends/eu/entra", out _).ShouldBeTrue(moved.Body);
        none.Json.GetProperty("errors").TryGetProperty("backends/eu/apiKey", out _).ShouldBeTrue(none.Body);
        other.Json.GetProperty("errors").TryGetProperty("backends/eu/entra.tenantId", out _).ShouldBeTrue(other.Body);
        Credential().ShouldBeOfType<BackendCredential.Entra>().Secret.ShouldBe("s3cret");
    }

    [Fact]
    public async Task The_audit_trail_shows_the_identity_and_masks_its_secret()
    {
        await gateway.Api.SendAsync("POST", "/api/backends", """{"name":"eu","endpoint":"https://eu.openai.azure.com","apiKey":"key-1"}""");
        await ChangeAsync($$"""{"entra":{{Application}}}""");
        await ChangeAsync("""{"entra":{"clientSecret":"s3cret-2"}}""");
        await ChangeAsync("""{"entra":{"clientSecret":"s3cret-2"}}""");

        var entries = (await gateway.Api.SendAsync("GET", "/api/audit?kind=backend&name=eu")).Json.GetProperty("items").EnumerateArray().ToList();

        entries.Count.ShouldBe(3);
        entries[0].GetProperty("before").GetProperty("entra").GetProperty("clientSecret").GetString().ShouldBe("•••");
        entries[0].GetProperty("after").GetProperty("entra").GetProperty("clientSecret").GetString().ShouldBe("••• (new)");
        entries[1].GetProperty("before").GetRawText().ShouldBe("""{"apiKey":"•••","entra":null}""");
        entries[1].GetProperty("after").GetProperty("apiKey").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        entries[1].GetProperty("after").GetProperty("entra").GetProperty("tenantId").GetString().ShouldBe("contoso.onmicrosoft.com");
    }

    [Fact]
    public async Task The_description_lists_the_kinds_and_the_stream_modes()
    {
        var schemas = JsonNode.Parse(await gateway.Admin.GetStringAsync("/openapi/v1.json"))!["components"]!["schemas"]!;

        schemas["EntraIdentityKind"]!["enum"]!.ToJsonString().ShouldBe("""["default","managedIdentity","workloadIdentity","clientSecret","azureCli"]""");
        schemas.ToJsonString().ShouldContain("\"faithful\",\"strict\"");
    }

    private BackendCredential Credential() => Backend().Credential;

    private Backend Backend() => gateway.Snapshot.Backends.Single(b => b.Name == "eu");

    private Task<Answer> AddAsync(string entra) =>
        gateway.Api.SendAsync("POST", "/api/backends", $$"""{"name":"eu","endpoint":"https://eu.openai.azure.com","entra":{{entra}}}""");

    private Task<Answer> ChangeAsync(string patch) => gateway.Api.SendAsync("PATCH", "/api/backends/eu", patch, "*");

    private Task<Answer> ApplyAsync(string backend) => gateway.Api.SendAsync("POST", "/api/configuration", $$"""{"document": {"backends": [{{backend}}] } }""");
}
