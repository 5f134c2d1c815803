using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Secrets;

namespace OpenAIProxy.Cli.Documents;

/// <summary>The secrets a document can have: a backend's key or its identity's secret, and an event's shared secret.</summary>
internal static class DocumentSecrets
{
    private static readonly Place[] Places =
    [
        new("backends", "name", null, "apiKey"), new("backends", "name", "entra", "clientSecret"), new("events", "code", null, "sharedSecret"),
    ];

    /// <summary>Puts secrets in the place of their references.</summary>
    /// <exception cref="CommandFailedException">Some are written in clear, or are not there: all of them are named.</exception>
    public static async Task ResolveAsync(Invocation run, JsonObject document)
    {
        var wrong = new List<string>();
        foreach (var place in Places)
            foreach (var thing in place.Things(document))
                if (place.Holder(thing) is { } holder && holder[place.Field] is { } written)
                    try
                    {
                        holder[place.Field] = await ReadAsync(run, written.ToString());
                    }
                    catch (CommandFailedException problem)
                    {
                        wrong.Add($"{place.Kind} {thing[place.Id]}: {place.Path}: {problem.Message}");
                    }
        if (wrong.Count > 0)
            throw new CommandFailedException(ExitCode.WrongUsage, string.Join('\n', [.. wrong, "A secret that the document leaves out stays as the server has it."]));
    }

    /// <summary>Writes into an exported document where each secret that must be supplied is to be found.</summary>
    /// <returns>The references written, with what each is for.</returns>
    public static IReadOnlyList<(string Reference, string For)> Refer(JsonObject document, IEnumerable<string> required)
    {
        var references = new List<(string, string)>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in required)
        {
            if (Find(document, path) is not var (holder, name, field))
            {
                references.Add(("", path));
                continue;
            }
            var reference = "env:" + OfItsOwn(VariableFor(name, field), taken);
            holder[field] = reference;
            references.Add((reference, $"{field} of {name}"));
        }
        return references;
    }

    private static Task<string> ReadAsync(Invocation run, string written) => written != "-" && SecretReference.TryParse(written, out var reference)
        ? reference.ReadAsync(run.Surroundings, run.Cancellation)
        : throw new CommandFailedException(ExitCode.WrongUsage, "It is the secret itself: write env:NAME or file:PATH, so that the file can be shared.");

    // backends/azure/apiKey
    private static (JsonObject Holder, string Name, string Field)? Find(JsonObject document, string path)
    {
        foreach (var place in Places)
        {
            if (!path.StartsWith($"{place.Kind}/", StringComparison.Ordinal) || !path.EndsWith($"/{place.Path}", StringComparison.Ordinal))
                continue;
            var which = path[(place.Kind.Length + 1)..^(place.Path.Length + 1)];
            if (place.Things(document).Find(t => t[place.Id]?.ToString() == which) is { } thing && place.Holder(thing) is { } holder)
                return (holder, which, place.Field);
        }
        return null;
    }

    // Names such as eu-1 and eu.1 make the same variable; under it, the secret of one would be sent to the other.
    private static string OfItsOwn(string variable, HashSet<string> taken)
    {
        var own = variable;
        for (var number = 2; !taken.Add(own); number++)
            own = $"{variable}_{number}";
        return own;
    }

    // eu, apiKey → EU_API_KEY
    private static string VariableFor(string name, string field) => new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_')])
        + "_" + string.Concat(field.Select(c => char.IsAsciiLetterUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    /// <param name="Kind">The part of the document.</param>
    /// <param name="Id">What a thing in it is known by.</param>
    /// <param name="Part">The object in the thing that the secret is in; null where it is the thing's own.</param>
    private sealed record Place(string Kind, string Id, string? Part, string Field)
    {
        public string Path => Part is null ? Field : $"{Part}/{Field}";

        public List<JsonObject> Things(JsonObject document) => [.. (document[Kind] as JsonArray ?? []).OfType<JsonObject>()];

        public JsonObject? Holder(JsonObject thing) => Part is null ? thing : thing[Part] as JsonObject;
    }
}
