namespace OpenAIProxy.Domain.Catalog;

/// <summary>A model deployed on a backend, under the name it has there.</summary>
public sealed record Deployment(Backend Backend, string Name);
