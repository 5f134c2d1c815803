using System.Globalization;
using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Storage.Sql.Catalog;

internal sealed class ModelRow
{
    public const string Select =
        "SELECT name AS Name, family AS Family, context_window AS ContextWindow, max_output AS MaxOutput, version AS Version, "
        + "(SELECT COUNT(*) FROM deployment WHERE model = model.name) AS DeploymentCount, "
        + "(SELECT COUNT(*) FROM event_model WHERE model = model.name) AS EventCount, "
        + "(SELECT json_array(input, cached_input, output, image, as_of, source) FROM model_price WHERE model_price.model = model.name) AS PriceParts";

    public string Name { get; init; } = "";

    public long Family { get; init; }

    public long ContextWindow { get; init; }

    public long MaxOutput { get; init; }

    public long Version { get; init; }

    public long DeploymentCount { get; init; }

    public long EventCount { get; init; }

    /// <summary>A JSON array, or null where the price is unknown.</summary>
    public string? PriceParts { get; init; }

    public ModelView View() => new(Model(), DeploymentCount, EventCount, Version);

    public IReadOnlyList<string> Aliases { get; set; } = [];

    public IReadOnlyList<long> Operations { get; set; } = [];

    /// <summary>Operations that this version does not know are left out; see <see cref="UnknownOperations"/>.</summary>
    public Model Model() => new()
    {
        Name = Name,
        Aliases = Aliases,
        Family = (ModelFamily)Family,
        Operations = [.. Operations.Where(IsKnown).Select(o => (Operation)o)],
        ContextWindow = ContextWindow,
        MaxOutput = MaxOutput,
        Price = Price(),
    };

    public IEnumerable<long> UnknownOperations => Operations.Where(o => !IsKnown(o));

    /// <summary>What keeps the row from being a model, or null.</summary>
    public string? Fault
    {
        get
        {
            if (Family is < int.MinValue or > int.MaxValue || !Enum.IsDefined((ModelFamily)Family))
                return $"this version knows no model family {Family}";
            if (ContextWindow < 1)
                return $"its context window is {ContextWindow}";
            return MaxOutput < 0 || (MaxOutput == 0 && Family != (long)ModelFamily.Embedding) ? $"its maximum output is {MaxOutput}" : null;
        }
    }

    private Price? Price()
    {
        if (PriceParts is null || JsonNode.Parse(PriceParts) is not JsonArray parts)
            return null;
        return new Price(
            (long)parts[0]!, (long)parts[1]!, (long)parts[2]!, (long)parts[3]!,
            DateOnly.ParseExact((string)parts[4]!, "O", CultureInfo.InvariantCulture), (string)parts[5]!);
    }

    private static bool IsKnown(long operation) => operation is >= int.MinValue and <= int.MaxValue && Enum.IsDefined((Operation)operation);
}
