using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;
using OpenAIProxy.Storage.Sql.Limits;

namespace OpenAIProxy.Storage.Configuration;

/// <summary>Writes the configuration as a document, without secrets.</summary>
public static class ConfigurationExport
{
    public static async Task<ConfigurationDocument> ReadAsync(Tables tables)
    {
        var backends = await BackendTable.RowsAsync(tables.Statements);
        var events = await EventTable.RowsAsync(tables.Statements);
        var limits = (await LimitTable.RowsAsync(tables.Statements)).ToLookup(l => l.Event);
        return new ConfigurationDocument
        {
            Backends = [.. backends.Select(b => new ConfiguredBackend(b.Name, b.Endpoint, b.ApiVersion) { Entra = b.Definition().Entra })],
            Models = [.. (await tables.Models.ListAsync()).Select(Model)],
            Deployments = [.. (await tables.Deployments.ListAsync()).Select(d => new ConfiguredDeployment(d.Model, d.Backend, d.Name))],
            Events = [.. events.Select(e => Event(e, [.. limits[e.Code].Select(l => ConfiguredLimit.Of(l.Limit()))]))],
            RequiredSecrets =
            [
                .. backends.Where(b => b.ApiKeyEncrypted is not null).Select(b => $"backends/{b.Name}/apiKey"),
                .. backends.Where(b => b.ClientSecretEncrypted is not null).Select(b => $"backends/{b.Name}/entra/clientSecret"),
                .. events.Where(e => e.SharedSecretHash is not null).Select(e => $"events/{e.Code}/sharedSecret"),
            ],
        };
    }

    private static ConfiguredModel Model(Model model) => new()
    {
        Name = model.Name,
        Aliases = model.Aliases,
        Family = model.Family,
        Operations = model.Operations,
        ContextWindow = model.ContextWindow,
        MaxOutput = model.MaxOutput,
        Price = model.Price,
    };

    private static ConfiguredEvent Event(EventRow row, IReadOnlyList<ConfiguredLimit> limits)
    {
        var definition = row.Definition();
        return new ConfiguredEvent
        {
            Code = definition.Code,
            Name = definition.Name,
            Description = definition.Description,
            Organiser = definition.Organiser,
            ImageUrl = definition.ImageUrl,
            Start = definition.Start,
            End = definition.End,
            TimeZone = definition.TimeZone,
            State = definition.State,
            Models = definition.Models,
            Defaults = new ConfiguredDefaults(
                definition.Defaults.GetValueOrDefault(Operation.ChatCompletions),
                definition.Defaults.GetValueOrDefault(Operation.Completions),
                definition.Defaults.GetValueOrDefault(Operation.Embeddings)),
            OutputCap = definition.OutputCap,
            ReasoningOutputCap = definition.ReasoningOutputCap,
            Entrance = definition.Entrance,
            HashesUserIds = definition.HashesUserIds,
            CutsInFlight = definition.CutsInFlight,
            AttendeeCap = definition.AttendeeCap,
            AllowedOrigins = definition.AllowedOrigins,
            TokenAdmission = definition.TokenAdmission,
            StreamMode = definition.StreamMode,
            RetentionDays = definition.RetentionDays,
            Limits = limits,
            Owner = row.Owner,
            CoOrganisers = row.CoOrganisers,
        };
    }
}
