namespace OpenAIProxy.Gateway;

/// <summary>Which resources callers may bring themselves.</summary>
public sealed record OwnResourceOptions
{
    /// <summary>What stands for the resource's id in <see cref="UrlTemplate"/>.</summary>
    public const string Placeholder = "{resource}";

    /// <summary>Off by default: who turns it on relays for everybody who has a key of such a resource.</summary>
    public bool Enabled { get; init; }

    /// <summary>The URL of a resource, with <see cref="Placeholder"/> where its id goes: nothing else can be called. Without it, all ids are one resource.</summary>
    public string UrlTemplate { get; init; } = "https://{resource}.openai.azure.com";

    /// <summary>The ids that are let through; none is every valid one.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];
}
