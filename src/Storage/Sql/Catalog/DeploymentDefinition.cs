namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>A model deployed on a backend, under the name it has there.</summary>
public sealed record DeploymentDefinition(string Model, string Backend, string Name);
