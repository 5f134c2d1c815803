namespace OpenAIProxy.Gateway;

/// <summary>What the data plane can be told. Every time is 1 ms to 24 h.</summary>
public sealed record GatewayOptions
{
    /// <summary>The largest body of a request, in bytes; 1 KiB to 1 GiB, default 32 MiB.</summary>
    public long MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// The most memory that bodies of more than 16 KiB take at once, in bytes; at least <see cref="MaxBodyBytes"/>. Null is a quarter of what the
    /// process may have, and at least four of the largest bodies.
    /// </summary>
    public long? MaxBodyMemory { get; init; }

    /// <summary>How long a body may pause while it arrives; default 30 s.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long connecting to a backend may take; default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a backend may take to its first byte; default 10 minutes, because reasoning models think for minutes.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long an answer is waited for whose client has gone and whose end says what it cost: a whole one, or a stream that costs more than it
    /// shows. Default 1 minute.
    /// </summary>
    public TimeSpan AbandonedTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a backend may pause inside an answer; default 5 minutes.</summary>
    public TimeSpan PauseTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long requests in flight may take to finish when the server stops; default 1 minute. What then is still on its way is cut off.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The least output limit that is of use, in tokens for one choice: what is left of a limit is given out down to this, and
    /// refused below. 1 to 4,096, default 64.
    /// </summary>
    public long LeastOutput { get; init; } = 64;

    /// <summary>Further base paths that clients may put before every path of the data plane, such as <c>/ai</c>: a slash before, none behind.</summary>
    public IReadOnlyList<string> BasePaths { get; init; } = [];

    public OwnResourceOptions OwnResources { get; init; } = new();

    public GuessLimits GuessLimits { get; init; } = new();
}
