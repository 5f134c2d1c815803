using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Catalog;

namespace OpenAIProxy.Cli.Events;

/// <summary>
/// Which models a new event has when none are named: all that have a deployment, so that it promises nothing that nobody answers.
/// And which of its models is the default of each operation: the first one named, else the one the built-in catalogue lists first.
/// </summary>
internal static class EventModelChoice
{
    private static readonly string[] Operations = ["chatCompletions", "completions", "embeddings"];

    public static string[] Deployed(IReadOnlyList<JsonObject> catalogue) =>
        [.. catalogue.Where(IsDeployed).Select(m => m["name"]?.ToString() ?? "").OrderBy(KnownModels.Rank).ThenBy(name => name)];

    /// <exception cref="CommandFailedException">One of the models is not in the catalogue under that name: an event takes no other names.</exception>
    public static string Known(string typed, IReadOnlyList<JsonObject> catalogue) => Names(typed).FirstOrDefault(name => !catalogue.Any(m => IsNamed(m, name))) is { } unknown
        ? throw new CommandFailedException(ExitCode.WrongUsage, $"There is no model '{unknown}': {Advice(unknown, catalogue)}")
        : typed;

    public static string[] Names(string typed) => typed.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static JsonObject Defaults(IReadOnlyList<string> models, IReadOnlyList<JsonObject> catalogue)
    {
        var defaults = new JsonObject();
        foreach (var operation in Operations)
            if (models.FirstOrDefault(name => catalogue.Any(m => IsNamed(m, name) && Has(m, operation))) is { } first)
                defaults[operation] = first;
        return defaults;
    }

    /// <summary>What changes of an event's defaults with its models: one that is not among them any more, or that there was none of, is the first of its kind now, or null.</summary>
    public static JsonObject ChangedDefaults(JsonObject? before, IReadOnlyList<string> models, IReadOnlyList<JsonObject> catalogue)
    {
        var first = Defaults(models, catalogue);
        var changed = new JsonObject();
        foreach (var operation in Operations)
        {
            var known = before?[operation]?.ToString();
            if (!models.Contains(known, StringComparer.OrdinalIgnoreCase) && (known ?? first[operation]?.ToString()) is not null)
                changed[operation] = first[operation]?.DeepClone();
        }
        return changed;
    }

    private static string Advice(string alias, IReadOnlyList<JsonObject> catalogue) => catalogue.FirstOrDefault(m => HasAlias(m, alias)) is { } model
        ? $"it is an alias of {model["name"]}, and an event takes names."
        : "openai-proxy model list has those there are.";

    private static bool IsDeployed(JsonObject model) => model["deploymentCount"]?.GetValue<long>() > 0;

    // As the server compares them.
    private static bool IsNamed(JsonObject model, string name) => string.Equals(model["name"]?.ToString(), name, StringComparison.OrdinalIgnoreCase);

    private static bool HasAlias(JsonObject model, string name) =>
        (model["aliases"] as JsonArray ?? []).Any(alias => string.Equals(alias?.ToString(), name, StringComparison.OrdinalIgnoreCase));

    private static bool Has(JsonObject model, string operation) =>
        model["operations"] is JsonArray operations && operations.Any(o => o?.ToString() == operation);
}
