using System.Text.Json;
using OpenAIProxy.Domain;
using OpenAIProxy.Gateway.Routing;
using OpenAIProxy.Server.Listeners;

namespace OpenAIProxy.Server.Health;

/// <summary>
/// Whether the process lives, and whether it should get requests: it can write down who uses it, it has its configuration,
/// and it is not about to stop. A backend that fails does not take the server out; the admin listener tells of it.
/// </summary>
internal static class HealthEndpoints
{
    // Some monitors look at the status only.
    private static readonly string[] Looking = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/healthz/live", Looking, context => WriteAsync(context, isWell: true, "live", _ => { }));
        endpoints.MapMethods("/healthz/ready", Looking, ShowReadinessAsync);
    }

    private static async Task ShowReadinessAsync(
        HttpContext context, StorageCheck storage, LiveSnapshot live, BackendHealth backends, IHostApplicationLifetime lifetime)
    {
        var isStopping = lifetime.ApplicationStopping.IsCancellationRequested;
        var isStorageReady = await storage.IsReadyAsync(context.RequestAborted);
        var isWell = isStorageReady && !isStopping;
        await WriteAsync(context, isWell, isWell ? "ready" : isStopping ? "stopping" : "storage unavailable", json =>
        {
            // Names of backends are nothing for the public.
            if (!context.IsOn(Plane.Admin))
                return;
            json.WriteBoolean("storage", isStorageReady);
            json.WriteNumber("configuration_version", live.Current.Version);
            json.WriteStartArray("backends");
            foreach (var state in backends.States)
                Write(json, state);
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, BackendState state)
    {
        json.WriteStartObject();
        json.WriteString("name", state.Backend);
        json.WriteString("problem", state.Problem);
        json.WriteString("since", state.Since);
        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpContext context, bool isWell, string status, Action<Utf8JsonWriter> details)
    {
        context.Response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("status", status);
            details(json);
            json.WriteEndObject();
        }
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
