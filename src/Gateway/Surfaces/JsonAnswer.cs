using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>Writes what the proxy itself has to tell a client, where that is no refusal: one JSON object.</summary>
internal static class JsonAnswer
{
    /// <param name="write">Writes into an object that has begun.</param>
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
