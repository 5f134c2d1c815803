using System.Collections.Frozen;

namespace OpenAIProxy.Simulator.Catalog;

/// <summary>The deployments of the simulated resource: each known model under its own name, and those of the command line.</summary>
internal sealed class DeploymentCatalog
{
    private readonly FrozenDictionary<string, Deployment> deploymentsByName;

    public DeploymentCatalog(IEnumerable<Deployment> own)
    {
        var all = KnownModels.All.ToDictionary(model => model.Name, model => new Deployment(model.Name, model, null, null));
        foreach (var deployment in own)
            all[deployment.Name] = deployment;
        deploymentsByName = all.ToFrozenDictionary();
    }

    public IEnumerable<Deployment> All => deploymentsByName.Values.OrderBy(deployment => deployment.Name, StringComparer.Ordinal);

    public Deployment? Find(string name) => deploymentsByName.GetValueOrDefault(name);
}
