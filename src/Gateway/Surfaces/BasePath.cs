namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>What a client's setting of an endpoint or base URL may put before every path.</summary>
/// <param name="Path">With a slash before and none behind; empty is none.</param>
/// <param name="Bare">Whose conventions hold for an operation right behind it.</param>
internal sealed record BasePath(string Path, Surface Bare)
{
    /// <summary>The name of the path's parameter that names an event.</summary>
    public const string Event = "event";

    private static readonly BasePath[] BuiltIn =
    [
        new("", Surface.OpenAI),
        new("/v1", Surface.OpenAI),
        new("/api/v1", Surface.Event),
        // As earlier servers of this API had it.
        new("/v1/api", Surface.Event),
    ];

    /// <summary>All of them, each also behind <c>/events/CODE</c> for clients that cannot send a header of their own.</summary>
    /// <param name="configured">Further ones, with a slash before and none behind; last, so that what they share with others is the others'.</param>
    public static IEnumerable<BasePath> All(IEnumerable<string> configured)
    {
        var plain = BuiltIn.Concat(configured.Select(path => new BasePath(path, Surface.OpenAI))).ToArray();
        return plain.Concat(plain.Select(known => known with { Path = $"/events/{{{Event}}}{known.Path}" }));
    }
}
