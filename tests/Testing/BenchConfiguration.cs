using System.Text.Json.Nodes;

namespace OpenAIProxy.Testing;

/// <summary>What the bench sets its gateways up with: what is measured there has to keep what is promised.</summary>
public static class BenchConfiguration
{
    /// <summary>The event that is measured.</summary>
    public const string Event = "bench";

    /// <summary>One of its models.</summary>
    public const string Model = "chat";

    /// <summary>The bench's own document, with the simulator in place of the bench's upstream.</summary>
    public static JsonObject Document(Uri simulator)
    {
        var document = JsonNode.Parse(File.ReadAllText(Repository.PathOf("bench/Bench/Subjects/configuration.json")))!.AsObject();
        document["backends"]![0]!["endpoint"] = simulator.ToString();
        foreach (var deployment in document["deployments"]!.AsArray())
            deployment!["name"] = "gpt-4o";
        return document;
    }

    /// <summary>One of the event's limits, to be changed.</summary>
    public static JsonNode Limit(this JsonObject document, string unit) =>
        document["events"]!.AsArray().Single(e => (string?)e!["code"] == Event)!["limits"]!.AsArray().Single(limit => (string?)limit!["unit"] == unit)!;

    /// <summary>Applies a document as organisers do.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public static async Task ApplyAsync(this HttpClient api, JsonObject document)
    {
        var answer = await api.SendAsync("POST", "/api/configuration", new JsonObject { ["document"] = document }.ToJsonString());
        if (answer.Status != 200)
            throw new InvalidOperationException(answer.Body);
    }
}
