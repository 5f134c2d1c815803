namespace OpenAIProxy.Storage;

/// <summary>Whose view of the events a reader has. Queries enforce it, so that what is not theirs is as if it were not there.</summary>
public sealed record Viewer
{
    private Viewer(string? name) => OrganiserName = name;

    /// <summary>Sees all events.</summary>
    public static Viewer Everybody { get; } = new((string?)null);

    /// <summary>Null is everybody.</summary>
    public string? OrganiserName { get; }

    /// <summary>Sees the events that they own or are a co-organiser of. Names are compared exactly.</summary>
    public static Viewer Organiser(string name) => new(name);

    /// <summary>A condition on a column that holds an event's code; its parameter is <c>@viewer</c>.</summary>
    internal static string Sees(string column) =>
        $"""
        (@viewer IS NULL OR {column} IN (
            SELECT code FROM event WHERE owner = @viewer UNION ALL SELECT event FROM event_organiser WHERE organiser = @viewer))
        """;
}
