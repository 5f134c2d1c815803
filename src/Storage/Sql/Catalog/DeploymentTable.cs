using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>Which models are deployed where. A backend may have several deployments of one model.</summary>
public sealed class DeploymentTable
{
    private static readonly Listing Deployments = new(
        "SELECT model AS Model, backend AS Backend, name AS Name", "deployment", "id", "model", new Dictionary<string, string>
        {
            ["model"] = "model",
            ["backend"] = "backend",
            ["name"] = "name",
        });

    private readonly Statements statements;
    private readonly AuditTrail trail;

    internal DeploymentTable(Statements statements, AuditTrail trail)
    {
        this.statements = statements;
        this.trail = trail;
    }

    /// <returns>By model, in the order in which they were made.</returns>
    public Task<IReadOnlyList<DeploymentDefinition>> ListAsync() => ListAsync(statements);

    /// <exception cref="QueryRefusedException">There is no such page or order.</exception>
    public Task<Page<DeploymentDefinition>> PageAsync(DeploymentQuery query) => Deployments.PageAsync<DeploymentDefinition>(
        statements,
        query,
        """
        (@Model IS NULL OR model = @Model) AND (@Backend IS NULL OR backend = @Backend) AND (@search IS NULL
        OR model LIKE @search ESCAPE '\' OR backend LIKE @search ESCAPE '\' OR name LIKE @search ESCAPE '\')
        """,
        new { query.Model, query.Backend });

    /// <summary>Does nothing where there is one already.</summary>
    /// <returns>As it is stored: with the names of the catalogue.</returns>
    /// <exception cref="ChangeRefusedException">There is no such model or backend, or it makes no sense.</exception>
    public async Task<DeploymentDefinition> PutAsync(DeploymentDefinition deployment)
    {
        if (await FindAsync(deployment) is { } known)
            return known;
        deployment = await CheckAsync(deployment);
        await statements.ExecuteAsync("INSERT INTO deployment (model, backend, name) VALUES (@Model, @Backend, @Name)", deployment);
        await trail.RecordAsync(new AuditEntry(AuditAction.Create, AuditKind.Deployment, NameOf(deployment), null, null, Portrait.Of(deployment)));
        return deployment;
    }

    /// <returns>As it is stored: with the names of the catalogue.</returns>
    /// <exception cref="ChangeRefusedException">There is one already, or no such model or backend, or it makes no sense.</exception>
    public async Task<DeploymentDefinition> AddAsync(DeploymentDefinition deployment)
    {
        if (await FindAsync(deployment) is not null)
            throw new ChangeRefusedException(
                WhyRefused.Exists, nameof(deployment.Name), $"backend '{deployment.Backend}' has that deployment of '{deployment.Model}' already.");
        return await PutAsync(deployment);
    }

    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(DeploymentDefinition deployment)
    {
        if (await FindAsync(deployment) is not { } known)
            return false;
        await trail.RecordAsync(new AuditEntry(AuditAction.Delete, AuditKind.Deployment, NameOf(known), null, Portrait.Of(known), null));
        await statements.ExecuteAsync("DELETE FROM deployment WHERE model = @Model AND backend = @Backend AND name = @Name", known);
        return true;
    }

    internal static Task<IReadOnlyList<DeploymentDefinition>> ListAsync(Statements statements) =>
        statements.QueryAsync<DeploymentDefinition>("SELECT model AS Model, backend AS Backend, name AS Name FROM deployment ORDER BY model, id");

    private Task<DeploymentDefinition?> FindAsync(DeploymentDefinition deployment) => statements.FindAsync<DeploymentDefinition>(
        "SELECT model AS Model, backend AS Backend, name AS Name FROM deployment WHERE model = @Model AND backend = @Backend AND name = @Name", deployment);

    // As the catalogue writes the names: case does not matter in them, but one deployment must have one name in the audit trail.
    private async Task<DeploymentDefinition> CheckAsync(DeploymentDefinition deployment)
    {
        var errors = new List<FieldError>();
        var model = await statements.FindAsync<string>("SELECT name FROM model WHERE name = @Model", deployment);
        var backend = await statements.FindAsync<string>("SELECT name FROM backend WHERE name = @Backend", deployment);
        if (model is null)
            errors.Add(new FieldError(nameof(deployment.Model), $"there is no model '{deployment.Model}'."));
        if (backend is null)
            errors.Add(new FieldError(nameof(deployment.Backend), $"there is no backend '{deployment.Backend}'."));
        if (!Names.IsName(deployment.Name))
            errors.Add(new FieldError(nameof(deployment.Name), $"a deployment's name has {Names.Rule()}."));
        return errors.Count == 0 ? new DeploymentDefinition(model!, backend!, deployment.Name) : throw new ChangeRefusedException(errors);
    }

    private static string NameOf(DeploymentDefinition deployment) => $"{deployment.Model}/{deployment.Backend}/{deployment.Name}";
}
