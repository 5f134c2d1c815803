using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OpenAIProxy.Gateway.Tests.Surfaces;

/// <summary>Base paths that an operator adds and that come to the same as what is there already.</summary>
public sealed class BasePathTests
{
    private const string Dated = "?api-version=2024-06-01";

    [Theory]
    [InlineData("/openai")]
    [InlineData("/openai/v1")]
    [InlineData("/API/V1")]
    [InlineData("/v1/api")]
    [InlineData("/ai", "/AI", "/ai")]
    [InlineData("/deployments", "/engines")]
    [InlineData("/events")]
    public async Task A_base_path_that_comes_to_the_same_as_another_takes_nothing_away(params string[] added)
    {
        await using var gateway = await new GatewayUnderTest { Options = new GatewayOptions { BasePaths = added } }.StartAsync();

        foreach (var path in added.Append("").Append("/api/v1").SelectMany(PathsBehind))
            (await gateway.Client.AskAsync(path, Asking.Hello)).Status.ShouldBe(200, path);
        foreach (var path in added.Append("").Select(b => $"{b}/openai/models{Dated}").Append("/v1/models/gpt-4o"))
            (await GetAsync(gateway, path)).Status.ShouldBe(200, path);

        gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => $"{e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0]} {e.Metadata.GetMetadata<Server.Listeners.PlaneStamp>()?.Plane} {e.RoutePattern.RawText}".ToUpperInvariant())
            .ShouldBeUnique();
    }

    [Fact]
    public async Task A_path_that_is_built_in_keeps_its_conventions_beside_a_base_path_that_comes_to_the_same()
    {
        await using var gateway = await new GatewayUnderTest { Options = new GatewayOptions { BasePaths = ["/openai"] } }.StartAsync();

        (await gateway.Client.AskAsync("/openai/deployments/gpt-4o/chat/completions", Asking.Hello)).ShouldBeRefusal(404, "404");
        (await GetAsync(gateway, "/openai/models")).ShouldBeRefusal(404, "404");
        (await GetAsync(gateway, "/openai/openai/v1/models")).Status.ShouldBe(200);
    }

    private static IEnumerable<string> PathsBehind(string basePath) =>
    [
        $"{basePath}/openai/deployments/gpt-4o/chat/completions{Dated}",
        $"{basePath}/openai/deployments/gpt-4o/extensions/chat/completions{Dated}",
        $"{basePath}/deployments/gpt-4o/chat/completions{Dated}",
        $"{basePath}/openai/v1/chat/completions",
        $"{basePath}/engines/gpt-4o/chat/completions",
        $"{basePath}/chat/completions",
    ];

    private static async Task<Answer> GetAsync(GatewayUnderTest gateway, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("openai-event-code", "hackathon/ann");
        return await gateway.Client.AskAsync(request);
    }
}
