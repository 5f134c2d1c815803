namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>A client as its users know it: where they point it, and which errors they catch.</summary>
/// <param name="Name">The package, and the class where it has several.</param>
internal sealed record OfficialClient(string Name, Func<IClientProgram> Start)
{
    public required IReadOnlyList<ClientEndpoint> Endpoints { get; init; }

    /// <summary>The error of a wrong key.</summary>
    public required string WrongKey { get; init; }

    /// <summary>The error of an event that is over, or of a limit that is reached for good.</summary>
    public required string EventOver { get; init; }

    /// <summary>The error of a limit that is reached for now, where the client does not try again by itself.</summary>
    public string? LimitForNow { get; init; }

    /// <summary>The error of a limit that is still reached whenever the client tries again.</summary>
    public required string LimitStays { get; init; }

    /// <summary>How often it asks until then, as it is set by default.</summary>
    public int Tries { get; init; } = 1;

    /// <summary>The same with a clock that runs faster, where it would try for minutes.</summary>
    public Func<IClientProgram>? Hurried { get; init; }

    /// <summary>The error of a stream that fails in its middle; null where the client lacks one.</summary>
    public string? BrokenStream { get; init; }

    /// <summary>What the program that cancels sees; null where its stream just ends.</summary>
    public string? Cancelled { get; init; }

    /// <summary>The error of a backend that is busy, where the client does not try again by itself.</summary>
    public string? Busy { get; init; }

    /// <summary>The cases that it has nothing for, with the reason.</summary>
    public IReadOnlyDictionary<Case, string> Lacks { get; init; } = new Dictionary<Case, string>();

    /// <summary>What differs from what the column's head says, with the explanation.</summary>
    public IReadOnlyDictionary<Case, string> Notes { get; init; } = new Dictionary<Case, string>();
}

/// <summary>Where a client is pointed: a path of the server, the kind of its interface, and the kind of credential that is used there.</summary>
internal sealed record ClientEndpoint(string Path, bool IsAzure, bool HasKey)
{
    /// <summary>As the table shows it.</summary>
    public string Shown => Path.Length == 0 ? "/" : Path;
}
