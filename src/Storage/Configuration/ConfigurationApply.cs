using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Configuration;

/// <summary>Makes the configuration what a document says. For a dry run, see <see cref="Changes.RehearseAsync"/>.</summary>
public static class ConfigurationApply
{
    /// <summary>
    /// 1. Puts everything in the order in which things need each other, and notes everything that is wrong.
    /// 2. Where asked to, deletes what the document does not have, in the opposite order.
    /// 3. Tells the differences: what the audit trail recorded, so that no difference can be missing.
    /// </summary>
    /// <param name="prune">Deletes what the document does not have; without it that stays.</param>
    /// <returns>None where everything is as the document says: nothing is written then.</returns>
    /// <exception cref="ChangeRefusedException">Its errors name each thing and field by its path, such as <c>events/hack/end</c>.</exception>
    public static async Task<IReadOnlyList<ConfigurationDifference>> ApplyAsync(Change change, ConfigurationDocument document, bool prune = false)
    {
        var already = change.Trail.Entries.Count;
        var refused = new ConfigurationErrors();
        // 1.
        RefuseTwice(document, refused);
        foreach (var backend in document.Backends)
            await refused.CollectAsync($"backends/{backend.Name}", () => change.Backends.PutAsync(Definition(backend)));
        foreach (var model in document.Models)
            await refused.CollectAsync($"models/{model.Name}", () => PutAsync(change, model));
        foreach (var d in document.Deployments)
            await refused.CollectAsync(
                $"deployments/{d.Model}/{d.Backend}/{d.Name}", () => change.Deployments.PutAsync(new DeploymentDefinition(d.Model, d.Backend, d.Name)));
        foreach (var @event in document.Events)
            await refused.CollectAsync($"events/{@event.Code}", () => PutAsync(change, @event));
        // 2.
        if (prune)
            await PruneAsync(change, document, refused);
        refused.ThrowIfAny();
        // 3.
        return Differences(change.Trail.Entries.Skip(already));
    }

    // Else the last one would win, and a second run would change things again.
    private static void RefuseTwice(ConfigurationDocument document, ConfigurationErrors refused)
    {
        Refuse("backends", document.Backends.Select(b => b.Name));
        Refuse("models", document.Models.Select(m => m.Name));
        Refuse("events", document.Events.Select(e => e.Code));

        void Refuse(string kind, IEnumerable<string> names)
        {
            foreach (var twice in names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
                refused.Add($"{kind}/{twice.Key}", "is in the document twice.");
        }
    }

    private static async Task PutAsync(Change change, ConfiguredModel configured)
    {
        var isNew = await change.Models.GetAsync(configured.Name) is null;
        await change.Models.PutAsync(Model(configured));
        if (configured.Price is { } price)
            await change.Prices.PutAsync(configured.Name, price);
        else if (configured.SaysPrice)
            await change.Prices.DeleteAsync(configured.Name);
        else if (isNew)
            await change.Prices.PutKnownAsync(configured.Name);
    }

    private static async Task PutAsync(Change change, ConfiguredEvent configured)
    {
        var code = EventCheck.Code(configured.Code);
        var known = await change.Events.FindAsync(code);
        var state = configured.State ?? known?.Definition().State ?? EventState.Draft;
        var definition = Definition(configured, state);
        await PutAsync(change, known, definition, configured.Owner);
        if ((configured.Limits ?? (known is null ? [.. DefaultLimits.All.Select(ConfiguredLimit.Of)] : null)) is { } limits)
            await ConfiguredLimit.ApplyAsync(change, code, limits);
        if (known is not null && configured.Owner is { } owner && owner != known.Owner)
            await change.Events.SetOwnerAsync(code, owner);
        if (configured.CoOrganisers is not { } organisers)
            return;
        foreach (var gone in (known?.CoOrganisers ?? []).Except(organisers))
            await change.Events.RemoveOrganiserAsync(code, gone);
        foreach (var organiser in organisers.Except(known?.CoOrganisers ?? []))
            await change.Events.AddOrganiserAsync(code, organiser);
    }

    // An event that is new here may be in any state: it may come from elsewhere.
    private static async Task PutAsync(Change change, EventRow? known, EventDefinition definition, string? owner)
    {
        if (known is null)
        {
            await change.Events.AddAsync(definition, owner);
            return;
        }
        await change.Events.PutAsync(definition);
        // After all that may be wrong with its fields: a refusal takes everything back.
        change.Events.CheckStep(known.Definition().State, definition);
    }

    private static async Task PruneAsync(Change change, ConfigurationDocument document, ConfigurationErrors refused)
    {
        var codes = document.Events.Select(e => e.Code.ToLowerInvariant()).ToHashSet();
        foreach (var code in (await change.Events.ListAsync()).Select(e => e.Code).Where(c => !codes.Contains(c)))
            await refused.CollectAsync($"events/{code}", () => change.Events.DeleteAsync(EventCode.Parse(code)));
        var deployments = document.Deployments.Select(d => (d.Model.ToLowerInvariant(), d.Backend.ToLowerInvariant(), d.Name)).ToHashSet();
        foreach (var d in (await change.Deployments.ListAsync())
            .Where(d => !deployments.Contains((d.Model.ToLowerInvariant(), d.Backend.ToLowerInvariant(), d.Name))))
            await refused.CollectAsync($"deployments/{d.Model}/{d.Backend}/{d.Name}", () => change.Deployments.DeleteAsync(d));
        var models = document.Models.Select(m => m.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var model in (await change.Models.ListAsync()).Where(m => !models.Contains(m.Name)))
            await refused.CollectAsync($"models/{model.Name}", () => change.Models.DeleteAsync(model.Name));
        var backends = document.Backends.Select(b => b.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var backend in (await change.Backends.ListAsync()).Where(b => !backends.Contains(b.Name)))
            await refused.CollectAsync($"backends/{backend.Name}", () => change.Backends.DeleteAsync(backend.Name));
    }

    // Several records of one thing, such as a definition and its owner, are one difference.
    private static List<ConfigurationDifference> Differences(IEnumerable<AuditEntry> entries) =>
        [.. entries.GroupBy(e => (e.Kind, e.Name)).Select(g => Difference([.. g]))];

    private static ConfigurationDifference Difference(IReadOnlyList<AuditEntry> entries)
    {
        var (first, last) = (entries[0], entries[^1]);
        // To a later record a secret that an earlier one changed is what it was.
        if (last.After is { } end && entries.Any(e => (string?)e.After?["sharedSecret"] == Json.NewMask))
            end["sharedSecret"] = Json.NewMask;
        var (before, after) = AuditTrail.Difference(first.Before ?? [], last.After ?? []);
        var action = first.Before is null ? AuditAction.Create : last.After is null ? AuditAction.Delete : AuditAction.Change;
        return new ConfigurationDifference(
            action,
            first.Kind,
            first.Name,
            first.Event,
            before.ToDictionary(p => p.Key, p => new ConfigurationField(p.Value?.DeepClone(), after[p.Key]?.DeepClone())));
    }

    private static BackendDefinition Definition(ConfiguredBackend backend) => new()
    {
        Name = backend.Name,
        Endpoint = backend.Endpoint,
        ApiVersion = backend.ApiVersion,
        ApiKey = backend.ApiKey,
        Entra = backend.Entra,
        KeepsIdentity = !backend.SaysEntra,
    };

    private static Model Model(ConfiguredModel model) => new()
    {
        Name = model.Name,
        Aliases = model.Aliases,
        Family = model.Family,
        Operations = model.Operations,
        ContextWindow = model.ContextWindow,
        MaxOutput = model.MaxOutput,
    };

    private static EventDefinition Definition(ConfiguredEvent configured, EventState state) => new()
    {
        Code = configured.Code,
        Name = configured.Name,
        Description = configured.Description,
        Organiser = configured.Organiser,
        ImageUrl = configured.ImageUrl,
        Start = configured.Start,
        End = configured.End,
        TimeZone = configured.TimeZone,
        State = state,
        Models = configured.Models,
        Defaults = Defaults(configured.Defaults),
        OutputCap = configured.OutputCap,
        ReasoningOutputCap = configured.ReasoningOutputCap,
        Entrance = configured.Entrance,
        SharedSecret = configured.SharedSecret is { } secret ? SharedSecret.New(secret) : SharedSecret.Unchanged,
        HashesUserIds = configured.HashesUserIds,
        CutsInFlight = configured.CutsInFlight,
        AttendeeCap = configured.AttendeeCap,
        AllowedOrigins = configured.AllowedOrigins,
        TokenAdmission = configured.TokenAdmission,
        StreamMode = configured.StreamMode,
        RetentionDays = configured.RetentionDays,
    };

    private static Dictionary<Operation, string> Defaults(ConfiguredDefaults defaults)
    {
        var byOperation = new Dictionary<Operation, string>();
        Add(Operation.ChatCompletions, defaults.ChatCompletions);
        Add(Operation.Completions, defaults.Completions);
        Add(Operation.Embeddings, defaults.Embeddings);
        return byOperation;

        void Add(Operation operation, string? model)
        {
            if (model is not null)
                byOperation[operation] = model;
        }
    }
}
