namespace OpenAIProxy.Simulator.Operations;

/// <summary>What a path asks for. No deployment means that the body names it.</summary>
internal readonly record struct Route(Operation? Operation, string? Deployment, bool IsV1, string? Listing)
{
    private const string Plain = "/openai/";
    private const string Deployments = "/openai/deployments/";
    private const string V1 = "/openai/v1/";

    public bool IsNothing => Operation is null && Listing is null;

    public static Route Match(HttpRequest request, string basePath)
    {
        var path = request.Path.Value ?? "";
        if (!path.StartsWith(basePath, StringComparison.Ordinal))
            return default;
        path = path[basePath.Length..];
        if (HttpMethods.IsGet(request.Method))
            return MatchListing(path);
        if (!HttpMethods.IsPost(request.Method))
            return default;
        return path.StartsWith(V1, StringComparison.Ordinal) ? MatchV1(path.AsSpan(V1.Length)) : MatchDeployment(path);
    }

    private static Route MatchListing(string path)
    {
        var isV1 = path.StartsWith(V1, StringComparison.Ordinal);
        var listing = isV1 ? path[V1.Length..] : path.StartsWith(Plain, StringComparison.Ordinal) ? path[Plain.Length..] : "";
        return listing is "models" || listing.StartsWith("models/", StringComparison.Ordinal) || (listing is "deployments" && !isV1)
            ? new(null, null, isV1, listing)
            : default;
    }

    private static Route MatchV1(ReadOnlySpan<char> rest) =>
        Operation.Find(rest) is { IsExtension: false } operation ? new(operation, null, true, null) : default;

    private static Route MatchDeployment(string path)
    {
        if (!path.StartsWith(Deployments, StringComparison.Ordinal))
            return default;
        var rest = path.AsSpan(Deployments.Length);
        var slash = rest.IndexOf('/');
        if (slash < 1 || Operation.Find(rest[(slash + 1)..]) is not { } operation)
            return default;
        return new(operation, rest[..slash].ToString(), false, null);
    }
}
