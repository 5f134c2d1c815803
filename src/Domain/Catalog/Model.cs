namespace OpenAIProxy.Domain.Catalog;

/// <summary>A model as clients name it: a row of the catalogue.</summary>
public sealed record Model
{
    public required string Name { get; init; }

    /// <summary>Other names for the same model, such as <c>gpt-3.5-turbo</c> for <c>gpt-35-turbo</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public required ModelFamily Family { get; init; }

    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>How many tokens of input and output together the model can hold; at least 1.</summary>
    public required long ContextWindow { get; init; }

    /// <summary>The most tokens the model can put out for one choice; 0 for embedding models.</summary>
    public required long MaxOutput { get; init; }

    /// <summary>What it costs; null is unknown.</summary>
    public Price? Price { get; init; }

    public IEnumerable<string> AllNames => Aliases.Prepend(Name);

    public bool Supports(Operation operation) => Operations.Contains(operation);
}
