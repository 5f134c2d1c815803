using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Connection;

/// <summary>What the server answered: as it came, read, and its ETag where it has one.</summary>
internal sealed record Answer(string Text, JsonNode? Json, string? Etag)
{
    /// <summary>The answer as an object; empty where it is none.</summary>
    public JsonObject Object => Json as JsonObject ?? [];

    public IEnumerable<JsonObject> Items => Object["items"] is JsonArray items ? items.OfType<JsonObject>() : [];
}
