using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>The catalogue of models. Names and aliases are one namespace, in which case does not matter.</summary>
public sealed class ModelTable
{
    private static readonly Listing Models = new(ModelRow.Select, "model", "name", "name", new Dictionary<string, string>
    {
        ["name"] = "name",
        ["family"] = "family",
        ["contextWindow"] = "context_window",
    });

    private readonly Statements statements;
    private readonly AuditTrail trail;
    private IReadOnlyDictionary<string, Model>? catalogue;

    internal ModelTable(Statements statements, AuditTrail trail)
    {
        this.statements = statements;
        this.trail = trail;
    }

    /// <returns>In the order of their names.</returns>
    public async Task<IReadOnlyList<Model>> ListAsync() => [.. (await RowsAsync(statements)).Select(r => r.Model())];

    /// <summary>By their names. Read once, however many events a change checks by it: how many events offer a model is counted with each reading.</summary>
    internal async Task<IReadOnlyDictionary<string, Model>> CatalogueAsync() =>
        catalogue ??= (await ListAsync()).ToDictionary(m => m.Name, Names.Same);

    /// <summary>A model is not what it was in this transaction, or its price is not.</summary>
    internal void Forget() => catalogue = null;

    /// <param name="name">A name, not an alias.</param>
    public async Task<Model?> GetAsync(string name) => (await FindAsync(name))?.Model();

    /// <param name="name">A name, not an alias.</param>
    public async Task<ModelView?> ShowAsync(string name) => (await FindAsync(name))?.View();

    /// <exception cref="QueryRefusedException">There is no such page or order.</exception>
    public async Task<Page<ModelView>> PageAsync(PageQuery query)
    {
        var page = await Models.PageAsync<ModelRow>(
            statements,
            query,
            """
            (@search IS NULL OR name LIKE @search ESCAPE '\'
             OR EXISTS (SELECT 1 FROM model_alias WHERE model = model.name AND alias LIKE @search ESCAPE '\'))
            """,
            new { });
        await FillAsync(statements, page.Items);
        return new Page<ModelView>([.. page.Items.Select(r => r.View())], page.Total, page.Number, page.Size);
    }

    /// <exception cref="ChangeRefusedException">The model makes no sense, or there is one of that name already.</exception>
    public async Task AddAsync(Model model)
    {
        if (await FindAsync(model.Name) is not null)
            throw new ChangeRefusedException(WhyRefused.Exists, nameof(model.Name), $"there is a model '{model.Name}' already.");
        await PutAsync(model);
    }

    /// <summary>Makes the model or replaces it; does nothing where it is that already. Its price is <see cref="PriceTable"/>'s business.</summary>
    /// <param name="expectedVersion">As it was read; null is any.</param>
    /// <exception cref="ChangeRefusedException">The model makes no sense.</exception>
    /// <exception cref="ChangeConflictException">It has another version.</exception>
    public async Task PutAsync(Model model, long? expectedVersion = null)
    {
        var known = await FindAsync(model.Name);
        ChangeConflictException.ThrowIfDifferent("model", model.Name, expectedVersion, known?.Version);
        await CheckAsync(model, known);
        model = model with { Name = known?.Name ?? model.Name };
        var (before, after) = (known is null ? null : Portrait.Of(known.Model()), Portrait.Of(model));
        if (JsonNode.DeepEquals(before, after))
            return;
        await WriteAsync(model);
        var action = known is null ? AuditAction.Create : AuditAction.Change;
        await trail.RecordAsync(new AuditEntry(action, AuditKind.Model, model.Name, null, before, after));
    }

    /// <param name="expectedVersion">As it was read; null is any.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ChangeRefusedException">Events offer it, or it is deployed.</exception>
    /// <exception cref="ChangeConflictException">It has another version.</exception>
    public async Task<bool> DeleteAsync(string name, long? expectedVersion = null)
    {
        if (await FindAsync(name) is not { } known)
            return false;
        ChangeConflictException.ThrowIfDifferent("model", name, expectedVersion, known.Version);
        await RefuseUsedAsync(known.Name);
        // The row goes with the model's, by the database's own hand.
        await PriceTable.RecordAsync(trail, known.Model(), null);
        await trail.RecordAsync(new AuditEntry(AuditAction.Delete, AuditKind.Model, known.Name, null, Portrait.Of(known.Model()), null));
        await statements.ExecuteAsync("DELETE FROM model WHERE name = @name", new { name });
        Forget();
        return true;
    }

    internal static async Task<IReadOnlyList<ModelRow>> RowsAsync(Statements statements)
    {
        var rows = await statements.QueryAsync<ModelRow>($"{ModelRow.Select} FROM model ORDER BY name");
        await FillAsync(statements, rows);
        return rows;
    }

    private static async Task FillAsync(Statements statements, IReadOnlyList<ModelRow> rows)
    {
        var aliases = (await statements.QueryAsync<(string Model, string Alias)>("SELECT model, alias FROM model_alias ORDER BY model, position"))
            .ToLookup(a => a.Model, a => a.Alias, StringComparer.OrdinalIgnoreCase);
        var operations = (await statements.QueryAsync<(string Model, long Operation)>("SELECT model, operation FROM model_operation ORDER BY model, operation"))
            .ToLookup(o => o.Model, o => o.Operation, StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
        {
            row.Aliases = [.. aliases[row.Name]];
            row.Operations = [.. operations[row.Name]];
        }
    }

    private async Task<ModelRow?> FindAsync(string name)
    {
        var rows = await statements.QueryAsync<ModelRow>($"{ModelRow.Select} FROM model WHERE name = @name", new { name });
        await FillAsync(statements, rows);
        return rows is [var row] ? row : null;
    }

    // All that is in the way at once. Archived events too: what an event says of itself is changed by people only, who are told that they may.
    private async Task RefuseUsedAsync(string name)
    {
        var reasons = new List<string>();
        if (await EventsAsync("event_model", name) is { Length: > 0 } offering)
            reasons.Add($"model '{name}' is offered by {offering}: take it out of their models and defaults.");
        if (await EventsAsync("event_limit", name) is { Length: > 0 } limiting)
            reasons.Add($"model '{name}' has limits of its own in {limiting}: remove them.");
        var backends = await statements.QueryAsync<string>("SELECT DISTINCT backend FROM deployment WHERE model = @name ORDER BY backend", new { name });
        if (backends.Count > 0)
            reasons.Add($"model '{name}' is deployed on {string.Join(", ", backends)}: remove its deployments.");
        if (reasons.Count > 0)
            throw new ChangeRefusedException(WhyRefused.InUse, [.. reasons.Select(r => new FieldError(nameof(Model.Name), r))]);
    }

    private async Task<string> EventsAsync(string table, string model)
    {
        var events = await statements.QueryAsync<(string Code, long State)>(
            $"SELECT code, state FROM event WHERE code IN (SELECT event FROM {table} WHERE model = @model) ORDER BY code", new { model });
        return string.Join(", ", events.Select(e => e.State == (long)EventState.Archived ? $"{e.Code} (archived, and can still be changed so: its reports stay)" : e.Code));
    }

    private async Task WriteAsync(Model model)
    {
        Forget();
        await statements.ExecuteAsync(
            """
            INSERT INTO model (name, family, context_window, max_output, version)
            VALUES (@Name, @Family, @ContextWindow, @MaxOutput, (SELECT version + 1 FROM configuration))
            ON CONFLICT (name) DO UPDATE SET family = excluded.family, context_window = excluded.context_window,
                max_output = excluded.max_output, version = model.version + 1
            """,
            new { model.Name, Family = (int)model.Family, model.ContextWindow, model.MaxOutput });
        await statements.ExecuteAsync("DELETE FROM model_alias WHERE model = @Name", new { model.Name });
        await statements.ExecuteAsync("DELETE FROM model_operation WHERE model = @Name", new { model.Name });
        foreach (var (position, alias) in model.Aliases.Index())
            await statements.ExecuteAsync(
                "INSERT INTO model_alias (alias, model, position) VALUES (@alias, @Name, @position)", new { alias, model.Name, position });
        foreach (var operation in model.Operations)
            await statements.ExecuteAsync(
                "INSERT INTO model_operation (model, operation) VALUES (@Name, @operation)", new { model.Name, operation = (int)operation });
    }

    private async Task CheckAsync(Model model, ModelRow? known)
    {
        var errors = new List<FieldError>();
        foreach (var name in model.AllNames)
            if (!Names.IsName(name))
                errors.Add(new FieldError(FieldOf(name, model), $"names and aliases have {Names.Rule()}."));
        if (model.AllNames.GroupBy(n => n, Names.Same).FirstOrDefault(g => g.Count() > 1) is { } twice)
            errors.Add(new FieldError(nameof(model.Aliases), $"'{twice.Key}' is there twice."));
        if (!Enum.IsDefined(model.Family))
            errors.Add(new FieldError(nameof(model.Family), $"there is no family {(int)model.Family}."));
        if (model.Operations.Count == 0 || model.Operations.Distinct().Count() != model.Operations.Count || !model.Operations.All(Enum.IsDefined))
            errors.Add(new FieldError(nameof(model.Operations), "at least one operation, and each once."));
        if (model.ContextWindow is < 1 or > Limit.MaxCap)
            errors.Add(new FieldError(nameof(model.ContextWindow), $"1 to {Limit.MaxCap} tokens."));
        if (model.MaxOutput < (model.Family == ModelFamily.Embedding ? 0 : 1) || model.MaxOutput > Limit.MaxCap)
            errors.Add(new FieldError(nameof(model.MaxOutput), $"1 to {Limit.MaxCap} tokens, or 0 for an embedding model."));
        if (errors.Count > 0)
            throw new ChangeRefusedException(errors);
        await CheckNamesAreFreeAsync(model, known);
    }

    private async Task CheckNamesAreFreeAsync(Model model, ModelRow? known)
    {
        var taken = await statements.QueryAsync<(string Name, string Model)>("SELECT name, name FROM model UNION ALL SELECT alias, model FROM model_alias");
        foreach (var name in model.AllNames)
            if (taken.FirstOrDefault(t => t.Model != known?.Name && Names.Same.Equals(t.Name, name)).Model is { } owner)
                throw new ChangeRefusedException(FieldOf(name, model), $"'{name}' is a name of model '{owner}' already: case does not matter.");
    }

    private static string FieldOf(string name, Model model) => ReferenceEquals(name, model.Name) ? nameof(model.Name) : nameof(model.Aliases);
}
