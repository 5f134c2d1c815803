namespace OpenAIProxy.Storage;

/// <summary>Who makes a change: under which name it is audited, and what of it may be touched.</summary>
/// <param name="Name">As the audit trail has it.</param>
/// <param name="Viewer">Events beyond this view are missing for them; unless it is everybody's, only events may be changed.</param>
public sealed record Actor(string Name, Viewer Viewer)
{
    /// <summary>What the program does by itself.</summary>
    internal static readonly Actor Server = new("server", Viewer.Everybody);

    public static Actor Administrator(string name) => new(name, Viewer.Everybody);

    /// <param name="name">As the audit trail has it, such as the name of their token.</param>
    /// <param name="organiser">As owners and co-organisers of events are named.</param>
    public static Actor Organiser(string name, string organiser) => new(name, Viewer.Organiser(organiser));
}
