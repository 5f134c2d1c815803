using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Domain.Access;

/// <summary>
/// An Azure OpenAI resource that a caller brings with the request, key and all. It lives as long as the request: nothing of
/// it is stored or logged.
/// </summary>
/// <param name="deployments">At least one, in the caller's order; a model of null is any.</param>
public sealed class OwnResource(Backend backend, IReadOnlyList<(string? Model, string Deployment)> deployments)
{
    // Whatever the caller calls it: its limits are between them and Azure, and its name is not for our metrics.
    private static readonly Model AnyModel = new()
    {
        Name = "own-resource",
        Family = ModelFamily.Chat,
        Operations = Enum.GetValues<Operation>(),
        ContextWindow = long.MaxValue,
        MaxOutput = long.MaxValue,
    };

    /// <summary>The models the caller named, in their order; where one deployment answers for every model, its name: who picks from a list needs one.</summary>
    public IEnumerable<string> Models => deployments.Select(d => d.Model ?? d.Deployment);

    /// <summary>What answers for a model: its deployment, or the first one where the model is not named or not known.</summary>
    public Offer OfferFor(string? model)
    {
        var deployment = deployments[0].Deployment;
        foreach (var (name, answering) in deployments)
            if (name == model)
            {
                deployment = answering;
                break;
            }
        return new Offer(AnyModel, [new Deployment(backend, deployment)]);
    }
}
