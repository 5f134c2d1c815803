using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace OpenAIProxy.Portal.Description;

/// <summary>Which operations need an ETag, in the description of the API.</summary>
internal static class Preconditions
{
    public static RouteHandlerBuilder NeedsIfMatch(this RouteHandlerBuilder endpoint) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = "If-Match",
            In = ParameterLocation.Header,
            Required = true,
            Description = "The ETag of what was read, or * for whatever is there.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
        return Task.CompletedTask;
    });
}
