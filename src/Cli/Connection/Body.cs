using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Connection;

/// <summary>Builds what is sent: absent stays absent, because that means unchanged.</summary>
internal sealed class Body
{
    public JsonObject Json { get; } = [];

    public bool IsEmpty => Json.Count == 0;

    public Body Put(string name, JsonNode? value)
    {
        if (value is not null)
            Json[name] = value;
        return this;
    }

    public Body Put(string name, IEnumerable<string>? values) =>
        Put(name, values is null ? null : new JsonArray([.. values.Select(v => (JsonNode?)v)]));

    /// <summary>An empty text clears what can be empty.</summary>
    public Body PutOrClear(string name, string? value)
    {
        if (value is { Length: 0 })
            Json[name] = null;
        else
            Put(name, value);
        return this;
    }
}
