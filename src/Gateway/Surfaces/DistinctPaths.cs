using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>
/// Maps each path once. Base paths and what stands behind them may come to the same (<c>/openai</c> is a base path for some and a part of Azure's
/// own paths), and of two endpoints with one path the router would take neither: the first one has it, so that no setting changes what is
/// built in.
/// </summary>
internal sealed class DistinctPaths(IEndpointRouteBuilder endpoints)
{
    // As the router compares them.
    private readonly HashSet<string> mapped = new(StringComparer.OrdinalIgnoreCase);

    public void MapGet(string path, RequestDelegate handle, params object[] metadata)
    {
        if (mapped.Add($"GET {path}"))
            endpoints.MapGet(path, handle).WithMetadata(metadata);
    }

    public void MapPost(string path, RequestDelegate handle, params object[] metadata)
    {
        if (mapped.Add($"POST {path}"))
            endpoints.MapPost(path, handle).WithMetadata(metadata);
    }
}
