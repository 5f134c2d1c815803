using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Routing;

/// <summary>Where a request goes.</summary>
/// <param name="ApiVersion">What the backend is asked for.</param>
internal sealed record Route(Deployment Deployment, string ApiVersion, Uri Target);

/// <summary>Picks the deployment that answers.</summary>
internal sealed class Router(BackendHealth health)
{
    // The URLs of a deployment, for as long as the configuration has it: few operations times the versions that there are.
    private readonly ConditionalWeakTable<Deployment, ConcurrentDictionary<(Operation, string), Uri>> targets = [];

    /// <param name="apiVersion">As the client wants it; null is as the backend is set.</param>
    public Result<Route> RouteFor(Admitted admitted, OperationSpec operation, string? apiVersion)
    {
        // By place: every request comes by here, and an enumerator would be one object more.
        for (var i = 0; i < admitted.Offer.Deployments.Count; i++)
        {
            var deployment = admitted.Offer.Deployments[i];
            if (deployment.Backend.Credential is BackendCredential.Unreadable { Reason: var reason })
            {
                health.Failed(deployment.Backend, reason);
                continue;
            }
            var version = apiVersion ?? deployment.Backend.ApiVersion;
            return new Route(deployment, version, admitted.IsOwn ? TargetOf(deployment, operation, version) : KnownTargetOf(deployment, operation, version));
        }
        return Refuse.BackendMisconfigured();
    }

    private Uri KnownTargetOf(Deployment deployment, OperationSpec operation, string apiVersion)
    {
        var known = targets.GetOrCreateValue(deployment);
        return known.TryGetValue((operation.Operation, apiVersion), out var target) ? target : known.GetOrAdd((operation.Operation, apiVersion), TargetOf(deployment, operation, apiVersion));
    }

    private static Uri TargetOf(Deployment deployment, OperationSpec operation, string apiVersion) => TargetOf(deployment.Backend, deployment.Name, operation, apiVersion);

    /// <summary>The URL of an operation. The endpoint's own path is kept: resources stand behind gateways with a prefix of their own.</summary>
    public static Uri TargetOf(Backend backend, string deployment, OperationSpec operation, string apiVersion) => new(
        $"{backend.Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/openai/deployments/{Uri.EscapeDataString(deployment)}/{operation.Path}?api-version={Uri.EscapeDataString(apiVersion)}");
}
