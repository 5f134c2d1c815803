namespace OpenAIProxy.Cli.Connection;

internal static class EntityTag
{
    /// <summary>As the If-Match header wants it, whether it came from a header or from a body.</summary>
    public static string Quoted(string etag) => etag == "*" || etag.EndsWith('"') ? etag : $"\"{etag}\"";
}
