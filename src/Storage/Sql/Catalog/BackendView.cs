namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>A backend as people see it; its definition is without API key and client secret.</summary>
/// <param name="HasApiKey">Whether there is one that can be read.</param>
/// <param name="HasClientSecret">Whether there is one that can be read.</param>
public sealed record BackendView(BackendDefinition Definition, bool HasApiKey, bool HasClientSecret, long DeploymentCount, long Version);
