using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Server.Listeners;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>Each endpoint of the running server is on the listener it is meant for, and nowhere else.</summary>
public sealed class PlaneTests
{
    [Fact]
    public async Task Every_endpoint_says_on_which_listener_it_is()
    {
        await using var gateway = await new GatewayUnderTest().StartAsync();

        EndpointsOf(gateway).Where(endpoint => endpoint.Metadata.GetMetadata<PlaneStamp>() is null).Select(endpoint => endpoint.DisplayName!)
            .ShouldHaveNone("Endpoints without a plane. Map them in a group of ServerApplication that has a PlaneStamp:");
    }

    [Fact]
    public async Task Every_endpoint_is_404_on_the_other_listener()
    {
        await using var gateway = await new GatewayUnderTest().StartAsync();
        var wrong = new List<string>();

        foreach (var endpoint in EndpointsOf(gateway))
            foreach (var (listener, client) in new[] { (Plane.Public, gateway.Client), (Plane.Admin, gateway.Admin) })
                if (endpoint.Metadata.GetMetadata<PlaneStamp>()!.Plane is not Plane.Both and var plane && plane != listener && await AskAsync(client, endpoint) is not 404 and var status)
                    wrong.Add($"{endpoint.DisplayName} answers {status} on the {listener} listener");

        wrong.ShouldHaveNone("Endpoints that answer on a listener they are not on. The plane of a connection decides, see src/Server/Listeners:");
    }

    // What both have, answers on both; what one has, on that one: else the 404 above would prove nothing.
    [Fact]
    public async Task Every_endpoint_answers_on_its_own_listener()
    {
        await using var gateway = await new GatewayUnderTest().StartAsync();
        var wrong = new List<string>();

        foreach (var endpoint in EndpointsOf(gateway))
            foreach (var (listener, client) in new[] { (Plane.Public, gateway.Client), (Plane.Admin, gateway.Admin) })
                if (endpoint.Metadata.GetMetadata<PlaneStamp>()!.Plane is var plane && (plane == Plane.Both || plane == listener)
                    && !endpoint.RoutePattern.Parameters.Any() && await AskAsync(client, endpoint) is 404 and var status)
                    wrong.Add($"{endpoint.DisplayName} answers {status} on the {listener} listener");

        wrong.ShouldHaveNone("Endpoints that are missing on their own listener:");
    }

    private static RouteEndpoint[] EndpointsOf(GatewayUnderTest gateway)
    {
        var endpoints = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();
        endpoints.Length.ShouldBeGreaterThan(5);
        return endpoints;
    }

    private static async Task<int> AskAsync(HttpClient client, RouteEndpoint endpoint)
    {
        var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
        var path = string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(TextOf))));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/" + path);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }

    private static string TextOf(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        _ => "hackathon",
    };
}
