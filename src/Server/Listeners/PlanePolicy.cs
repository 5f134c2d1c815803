using Microsoft.AspNetCore.Routing.Matching;

namespace OpenAIProxy.Server.Listeners;

/// <summary>
/// Keeps each endpoint on its own listener: while a path is matched, endpoints of the other plane are not there, so that not
/// even the methods they take can be asked for.
/// </summary>
internal sealed class PlanePolicy : MatcherPolicy, IEndpointComparerPolicy, INodeBuilderPolicy
{
    // Before the method is looked at, whose policy has -1000.
    public override int Order => -2_000;

    public IComparer<Endpoint> Comparer => EndpointMetadataComparer<PlaneStamp>.Default;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(e => e.Metadata.GetMetadata<PlaneStamp>() is not null);

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints) =>
    [
        new PolicyNodeEdge(Plane.Public, [.. endpoints.Where(e => IsOn(e, Plane.Public))]),
        new PolicyNodeEdge(Plane.Admin, [.. endpoints.Where(e => IsOn(e, Plane.Admin))]),
    ];

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges) =>
        new Table(exitDestination, edges.ToDictionary(e => (Plane)e.State, e => e.Destination));

    private static bool IsOn(Endpoint endpoint, Plane plane) => endpoint.Metadata.GetMetadata<PlaneStamp>() is not { } stamp || stamp.Plane == plane || stamp.Plane == Plane.Both;

    private sealed class Table(int exit, Dictionary<Plane, int> destinations) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) =>
            httpContext.Features.Get<ConnectionPlane>() is { } connection ? destinations.GetValueOrDefault(connection.Plane, exit) : exit;
    }
}
