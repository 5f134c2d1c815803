using System.Diagnostics.CodeAnalysis;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Portal.Versions;
using OpenAIProxy.Storage.Sql.Catalog;

namespace OpenAIProxy.Portal.Catalog;

/// <summary>A model as administrators write it.</summary>
internal record ModelBody
{
    public required string Name { get; init; }

    /// <summary>Other names that clients use for it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What parameters it takes.</summary>
    public required ModelFamily Family { get; init; }

    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>Tokens of input and output together.</summary>
    public required long ContextWindow { get; init; }

    /// <summary>The most tokens it puts out for one choice; 0 for embedding models.</summary>
    public required long MaxOutput { get; init; }

    public Model ToModel() => new() { Name = Name, Aliases = Aliases, Family = Family, Operations = Operations, ContextWindow = ContextWindow, MaxOutput = MaxOutput };

    public static ModelBody Of(Model model) => new()
    {
        Name = model.Name,
        Aliases = model.Aliases,
        Family = model.Family,
        Operations = model.Operations,
        ContextWindow = model.ContextWindow,
        MaxOutput = model.MaxOutput,
    };
}

/// <summary>A model as the API shows it.</summary>
[method: SetsRequiredMembers]
internal sealed record ModelAnswer(ModelView View) : ModelBody(Of(View.Model))
{
    private ModelView View { get; } = View;

    /// <summary>What it costs; null is unknown: where a limit is on money, such a model is refused.</summary>
    public Price? Price => View.Model.Price;

    public long DeploymentCount => View.DeploymentCount;

    public long EventCount => View.EventCount;

    /// <summary>To be sent as If-Match with a change.</summary>
    public string Etag => ETag.Of(View.Version);
}
