namespace OpenAIProxy.Server.Listeners;

/// <summary>Stamped on a connection by the listener it came in by, never by anything the client says.</summary>
internal sealed record ConnectionPlane(Plane Plane);

internal static class ConnectionPlaneOfRequest
{
    public static bool IsOn(this HttpContext context, Plane plane) => context.Features.Get<ConnectionPlane>()?.Plane == plane;
}
