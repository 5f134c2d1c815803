using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace OpenAIProxy.Portal.Description;

/// <summary>Examples of bodies in the description of the API.</summary>
internal static class Examples
{
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder endpoint, string json) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        foreach (var content in operation.RequestBody?.Content?.Values ?? [])
            content.Example = JsonNode.Parse(json);
        return Task.CompletedTask;
    });
}
