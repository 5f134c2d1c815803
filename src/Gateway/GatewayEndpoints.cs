using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Surfaces;

namespace OpenAIProxy.Gateway;

/// <summary>The table of contents of the data plane: which paths exist.</summary>
public static class GatewayEndpoints
{
    /// <summary>What exists, for those who missed it: the usual form of each.</summary>
    internal const string Contents =
        "POST /v1/chat/completions, /v1/completions and /v1/embeddings; the same behind /api/v1, /openai/v1 and /openai/deployments/{model} "
        + "(the last with ?api-version=); GET /v1/models; GET /api/v1/event/{code}; POST /api/v1/eventinfo; GET /api/v1/usage";

    public static void MapGateway(this IEndpointRouteBuilder endpoints)
    {
        var relay = endpoints.ServiceProvider.GetRequiredService<Relay>();
        var options = endpoints.ServiceProvider.GetRequiredService<GatewayOptions>();
        var paths = new DistinctPaths(endpoints);
        foreach (var basePath in BasePath.All(options.BasePaths))
        {
            foreach (var form in PathForm.Behind(basePath.Bare))
                foreach (var operation in OperationSpec.All.Where(o => form.Has(o.Operation)))
                    foreach (var path in operation.Paths)
                        paths.MapPost($"{basePath.Path}/{form.Prefix}{path}", context => relay.HandleAsync(context, form, operation), form, operation);
            paths.MapModelLists(basePath, endpoints.ServiceProvider);
        }
        endpoints.MapEventInformation();
        endpoints.MapOwnUsage();
    }
}
