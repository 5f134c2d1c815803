using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>The guide's table of routes is what the running server says of itself.</summary>
public sealed class ManagementGuideTests
{
    private const string Page = "docs/guide/management-api.md";
    private const string Rewrite = "OPENAIPROXY_WRITE_DOCS";
    private const string Begin = "<!-- Made from /openapi/v1.json. -->\n";
    private const string End = "<!-- Until here. -->\n";

    [Fact]
    public async Task Table_is_what_the_server_says()
    {
        await using var gateway = await new GatewayUnderTest().StartAsync();
        var api = JsonNode.Parse(await gateway.Admin.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!;
        var written = With(Sources.Read(Page), Table(api["paths"]!.AsObject(), Administrators(gateway.Services.GetRequiredService<EndpointDataSource>())));
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            await File.WriteAllTextAsync(Repository.PathOf(Page), written, TestContext.Current.CancellationToken);

        Sources.Read(Page).ShouldBe(written, $"A part of {Page} is made from the server's OpenAPI document. Run the tests of this project with {Rewrite}=1 and commit what changes.");
    }

    // The document does not say whose a route is; the server knows.
    private static HashSet<string> Administrators(EndpointDataSource endpoints) =>
        [.. endpoints.Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy == "administrator"))
            .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method} {e.RoutePattern.RawText!.Replace(":long", "", StringComparison.Ordinal).TrimEnd('/')}"))];

    private static string Table(JsonObject paths, HashSet<string> administrators)
    {
        var table = new StringBuilder("\n| route | what it does | | administrators only |\n|---|---|---|---|\n");
        foreach (var (path, methods) in paths)
            foreach (var (method, operation) in methods!.AsObject())
            {
                var route = $"{method.ToUpperInvariant()} {path}";
                table.Append($"| `{route}` | {operation!["summary"]} | {operation["description"]} | {(administrators.Contains(route) ? "yes" : "")} |\n");
            }
        return table.Append('\n').ToString();
    }

    private static string With(string page, string table)
    {
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        (begin >= 0 && end > begin).ShouldBeTrue($"{Page} needs the lines {Begin.Trim()} and {End.Trim()}");
        return page[..(begin + Begin.Length)] + table + page[end..];
    }
}
