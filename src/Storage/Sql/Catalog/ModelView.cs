using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>A model as people see it.</summary>
public sealed record ModelView(Model Model, long DeploymentCount, long EventCount, long Version);
