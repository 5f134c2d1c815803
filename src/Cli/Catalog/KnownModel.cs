using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Catalog;

/// <summary>What is public knowledge of a model.</summary>
internal sealed record KnownModel(string Name, string Family, string Operation, long ContextWindow, long MaxOutput, params string[] Aliases)
{
    /// <summary>Whether it goes by that name, in whatever case: so the server compares them.</summary>
    public bool IsCalled(string name) =>
        string.Equals(Name, name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["aliases"] = new JsonArray([.. Aliases.Select(a => (JsonNode?)a)]),
        ["family"] = Family,
        ["operations"] = new JsonArray(Operation),
        ["contextWindow"] = ContextWindow,
        ["maxOutput"] = MaxOutput,
    };
}
