using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Sql.Limits;

internal sealed class LimitRow
{
    // The model's name as the catalogue writes it: accounts go by it.
    public const string Select =
        "SELECT id AS Id, event AS Event, scope AS Scope, unit AS Unit, window AS Window, cap AS Cap, "
        + "(SELECT name FROM model WHERE name = event_limit.model) AS Model FROM event_limit";

    public long Id { get; init; }

    public string Event { get; init; } = "";

    public long Scope { get; init; }

    public long Unit { get; init; }

    public long Window { get; init; }

    public long Cap { get; init; }

    public string? Model { get; init; }

    /// <summary>What this version does not understand must not be passed over: nobody may have more than their organiser said.</summary>
    /// <exception cref="FormatException">A value is of a later version.</exception>
    public Limit Limit()
    {
        var limit = new Limit(
            Id, (LimitScope)checked((int)Scope), (LimitUnit)checked((int)Unit), (LimitWindow)checked((int)Window), Cap, Model);
        return Enum.IsDefined(limit.Scope) && Enum.IsDefined(limit.Unit) && Enum.IsDefined(limit.Window)
            ? limit
            : throw new FormatException($"Limit {Id} is of a kind that this version does not know.");
    }
}
