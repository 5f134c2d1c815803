using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Surfaces;

namespace OpenAIProxy.Gateway.Tests.Surfaces;

/// <summary>Every route of the running server, with every kind of credential: what reaches a backend has been through authentication and the one pipeline.</summary>
public sealed class RouteTests : IAsyncLifetime
{
    // Routes that take a body and call no backend.
    private static readonly string[] Local = ["/api/v1/eventinfo"];

    private readonly GatewayUnderTest gateway = new() { Options = new GatewayOptions { BasePaths = ["/ai"] } };

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public void Every_route_of_the_data_plane_that_takes_a_body_is_an_operation_of_a_surface()
    {
        var others = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<Server.Listeners.PlaneStamp>()?.Plane is Server.Listeners.Plane.Public)
            .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is not ["GET"])
            .Where(e => e.Metadata.GetMetadata<OperationSpec>() is null || e.Metadata.GetMetadata<PathForm>() is null)
            .Select(e => e.RoutePattern.RawText);

        others.ShouldBe(Local);
        foreach (var surface in new[] { Surface.Event, Surface.Azure, Surface.OpenAI })
            foreach (var operation in OperationSpec.All)
                Operations().ShouldContain(r => r.Form.Surface == surface && r.Operation == operation);
    }

    [Fact]
    public async Task No_route_reaches_a_backend_without_a_right_credential()
    {
        await gateway.AddEventAsync("closed", e => e with { State = Domain.Events.EventState.Closed });
        var wrong = new (string Header, string? Credential)[]
        {
            ("api-key", null), ("api-key", "nothing/ann"), ("Authorization", "Bearer aop_nokey"), ("openai-event-code", "hackathon"), ("Authorization", "Bearer closed/ann"),
            ("Authorization", "Bearer mine:..:key"), ("Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."), ("Authorization", "Basic aGFja2F0aG9uOmFubg=="),
        };

        foreach (var route in Operations())
            foreach (var (header, credential) in wrong)
                (await gateway.Client.AskAsync(route.Path, BodyFor(route), credential, header)).Status.ShouldBeOneOf([401, 403, 429], $"{route.Path} {header} {credential}");

        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_route_takes_every_kind_of_credential_in_every_header_through_the_one_pipeline()
    {
        var key = await gateway.ChangeAsync(change => change.Keys.IssueAsync(Domain.Events.EventCode.Parse("hackathon"), "kim"));
        var token = await gateway.Simulator.OrderTokenAsync(new { tid = "11111111-1111-4111-8111-111111111111", aud = "api://openai-proxy", oid = "5d6f0bd4-9f0e-4b51-8f0e-0d5c1a6f7f10" });
        var sent = 0;
        foreach (var route in Operations())
            foreach (var (header, prefix) in new[] { ("api-key", ""), ("openai-event-code", ""), ("Authorization", "Bearer ") })
                foreach (var credential in CredentialsFor(route, key, token))
                {
                    (await gateway.Client.AskAsync(route.Path, BodyFor(route), prefix + credential, header)).Status.ShouldBe(200, $"{route.Path} {header}");
                    sent++;
                }

        var lines = await gateway.Log.RequestsEndedAsync(sent);
        lines.Count.ShouldBe(sent);
        (await gateway.Simulator.ServedAsync()).GetProperty("total").GetProperty("requests").GetInt64().ShouldBe(sent);
        foreach (var route in Operations())
            lines.ShouldContain(l => l.Contains($"Surface={route.Form.Surface.Name} Operation={route.Operation.Path} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_path_that_names_an_event_has_no_place_for_a_resource_of_the_callers_own()
    {
        var named = Operations().Where(r => r.Path.StartsWith("/events/", StringComparison.Ordinal)).ToArray();

        named.ShouldNotBeEmpty();
        foreach (var route in named)
            (await gateway.Client.AskAsync(route.Path, BodyFor(route), $"mine:{ModelFor(route.Operation)}:some-key")).ShouldBeRefusal(403, "other_event");

        (await gateway.Simulator.RequestsAsync()).ShouldBeEmpty();
    }

    private static IEnumerable<string> CredentialsFor(Route route, string key, string token)
    {
        yield return "hackathon/ann";
        yield return key;
        yield return token;
        if (!route.Path.StartsWith("/events/", StringComparison.Ordinal))
            yield return $"mine:{ModelFor(route.Operation)}:some-key:2024-06-01";
    }

    private Route[] Operations() =>
    [
        .. gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<OperationSpec>() is not null)
            .Select(e => new Route(PathOf(e), e.Metadata.GetMetadata<PathForm>()!, e.Metadata.GetMetadata<OperationSpec>()!)),
    ];

    private static string PathOf(RouteEndpoint endpoint)
    {
        var operation = endpoint.Metadata.GetMetadata<OperationSpec>()!;
        var path = string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => s.Parts[0] switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart { Name: BasePath.Event } => "hackathon",
            _ => ModelFor(operation),
        }));
        return $"/{path}{(endpoint.Metadata.GetMetadata<PathForm>()!.IsDated ? "?api-version=2024-06-01" : "")}";
    }

    private static string ModelFor(OperationSpec operation) => operation.Operation switch
    {
        Operation.ChatCompletions => "gpt-4o",
        Operation.Completions => "gpt-3.5-turbo-instruct",
        _ => "text-embedding-3-small",
    };

    private static string BodyFor(Route route)
    {
        var model = ModelFor(route.Operation);
        return route.Operation.Operation switch
        {
            Operation.ChatCompletions => $$"""{"model":"{{model}}","max_tokens":2,"messages":[{"role":"user","content":"hello"}]}""",
            Operation.Completions => $$"""{"model":"{{model}}","max_tokens":2,"prompt":"hello"}""",
            _ => $$"""{"model":"{{model}}","input":"hello"}""",
        };
    }

    private sealed record Route(string Path, PathForm Form, OperationSpec Operation);
}
