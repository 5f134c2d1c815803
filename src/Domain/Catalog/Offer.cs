namespace OpenAIProxy.Domain.Catalog;

/// <summary>A model together with the deployments that can answer for it.</summary>
public sealed record Offer(Model Model, IReadOnlyList<Deployment> Deployments);
