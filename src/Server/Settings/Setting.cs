namespace OpenAIProxy.Server.Settings;

/// <summary>
/// One thing the server can be told: by <c>--name</c>, by <c>OPENAIPROXY_NAME</c>, or by <c>"name"</c> in <c>openai-proxy.json</c>;
/// the first of these that is there counts.
/// </summary>
/// <param name="Name">In lower case with dashes.</param>
/// <param name="Form">What its value looks like, for the help.</param>
/// <param name="Description">One sentence for the help and the guide.</param>
/// <param name="Default">As it would be written; null where there is none.</param>
internal sealed record Setting(string Name, string Form, string Description, string? Default = null)
{
    /// <summary>Whether it is no option of the command line, because others on the machine can read that.</summary>
    public bool IsSecret { get; init; }

    public string Variable => "OPENAIPROXY_" + Name.Replace('-', '_').ToUpperInvariant();
}
