namespace OpenAIProxy.Server.Listeners;

/// <summary>Who a listener is for. Endpoints carry the plane they belong to, and connections the one they came in by.</summary>
public enum Plane
{
    /// <summary>Both listeners have it: health.</summary>
    Both,

    /// <summary>The data plane: what clients call.</summary>
    Public,

    /// <summary>The admin plane: what organisers and operators use.</summary>
    Admin,
}

/// <summary>Stamped on an endpoint: on which listener it is.</summary>
public sealed record PlaneStamp(Plane Plane);
