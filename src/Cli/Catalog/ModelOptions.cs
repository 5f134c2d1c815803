using System.CommandLine;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Catalog;

/// <summary>What can be said and seen of a model.</summary>
internal sealed class ModelOptions
{
    public static readonly IReadOnlyList<Field> Fields =
    [
        Field.Text("Name", "name"), Field.Text("Aliases", "aliases"), Field.Text("Family", "family"), Field.Text("Operations", "operations"),
        Field.Number("Context", "contextWindow"), Field.Number("Max output", "maxOutput"),
    ];

    private readonly Option<string[]> aliases = Symbols.Names("--aliases", "NAME,…", "Other names for it.");
    private readonly Option<string> family = Symbols.OneOf("--family", "What parameters it takes.", "chat", "reasoning", "completion", "embedding");
    private readonly Option<string[]> operations = Symbols.Names("--operations", "OPERATION,…", "Of chatCompletions, completions, embeddings.");
    private readonly Option<long?> contextWindow = Symbols.Number("--context-window", "Tokens of input and output together.");
    private readonly Option<long?> maxOutput = Symbols.Number("--max-output", "The most tokens it puts out; 0 for embeddings.");

    public Verb AddTo(Verb verb)
    {
        foreach (var option in new Option[] { aliases, family, operations, contextWindow, maxOutput })
            verb.Add(option);
        return verb;
    }

    public Body Said(Invocation run) => new Body()
        .Put("aliases", run.Has(aliases) ? run.Get(aliases) : null)
        .Put("family", run.Get(family))
        .Put("operations", run.Has(operations) ? run.Get(operations) : null)
        .Put("contextWindow", run.Get(contextWindow))
        .Put("maxOutput", run.Get(maxOutput));
}
