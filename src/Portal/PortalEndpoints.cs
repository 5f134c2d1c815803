using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.Attendees;
using OpenAIProxy.Portal.Audit;
using OpenAIProxy.Portal.Catalog;
using OpenAIProxy.Portal.Configuration;
using OpenAIProxy.Portal.Events;
using OpenAIProxy.Portal.Keys;
using OpenAIProxy.Portal.Limits;
using OpenAIProxy.Portal.Refusals;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Portal.Usage;

namespace OpenAIProxy.Portal;

/// <summary>The table of contents of the management API.</summary>
public static class PortalEndpoints
{
    public static void MapPortal(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api").RequireAuthorization();
        api.MapEvents();
        api.MapAttendees();
        api.MapLimits();
        api.MapRaisedCaps();
        api.MapUsage();
        api.MapEntries();
        api.MapRefusals();
        api.MapLedger();
        api.MapKeys();
        api.MapModels();
        api.MapBackends();
        api.MapDeployments();
        api.MapTokens();
        api.MapAudit();
        api.MapConfiguration();
        foreach (var status in new[] { 400, 401, 403, 404, 409, 412, 428, 503 })
            api.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
        endpoints.MapOpenApi("/openapi/{documentName}.json");
    }
}
