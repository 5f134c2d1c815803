using OpenAIProxy.Simulator.Limits;

namespace OpenAIProxy.Simulator.Catalog;

/// <summary>A model under the name that callers use, with its quota.</summary>
internal sealed class Deployment(string name, Model model, long? tokensPerMinute, long? requestsPerMinute)
{
    public string Name { get; } = name;

    public Model Model { get; } = model;

    public RateLimit Limit { get; } = new(tokensPerMinute, requestsPerMinute);

    public string Fingerprint { get; } = $"fp_{Text.Hash.Of(name) & 0xffff_ffff:x8}ad";

    /// <summary>The header <c>azureml-model-session</c>.</summary>
    public string Session { get; } = $"d{Text.Hash.Of(name) % 1000:000}-20250913025147";
}
