using Microsoft.AspNetCore.Http;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>What URL and headers of a request say beside who calls and which operation.</summary>
/// <param name="Model">The one the path names; null where it names none.</param>
/// <param name="ApiVersion">What to ask the backend for; null is what the backend is set to.</param>
/// <param name="StreamMode">As the client wants it; null where it does not say.</param>
internal sealed record Conventions(string? Model, string? ApiVersion, StreamMode? StreamMode)
{
    /// <summary>The header by which a client says how it wants streams: <c>faithful</c> or <c>strict</c>.</summary>
    public const string StreamModeHeader = "x-stream-mode";

    /// <param name="operation">Null where models are asked for.</param>
    public static Result<Conventions> Read(HttpRequest request, PathForm form, OperationSpec? operation)
    {
        if (ApiVersions.Check(form, request, operation?.Since, out var version) is { } refusal)
            return refusal;
        if (!TryReadStreamMode(request, out var mode))
            return Refuse.WrongValue(StreamModeHeader, "faithful or strict");
        return new Conventions(NameIn(request, PathForm.Deployment), version, mode);
    }

    /// <summary>The name of a model that stands in the path; null where none does.</summary>
    /// <param name="parameter">Of the route.</param>
    public static string? NameIn(HttpRequest request, string parameter) =>
        // A slash in a name stays escaped in the path, or it would not be one segment.
        request.RouteValues[parameter] is string segment ? segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : null;

    private static bool TryReadStreamMode(HttpRequest request, out StreamMode? mode)
    {
        var wanted = request.Headers[StreamModeHeader].ToString();
        mode = wanted.ToUpperInvariant() switch
        {
            "FAITHFUL" => Domain.Events.StreamMode.Faithful,
            "STRICT" => Domain.Events.StreamMode.Strict,
            _ => null,
        };
        return mode is not null || wanted.Length == 0;
    }
}
