using System.Text.Json.Nodes;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Audit;

/// <summary>Things as the audit trail and a document's differences show them: named as in the API, and without any secret.</summary>
internal static class Portrait
{
    public static JsonObject Of(BackendDefinition backend, string mask = Json.Mask) => new()
    {
        ["name"] = backend.Name,
        ["endpoint"] = backend.Endpoint,
        ["apiVersion"] = backend.ApiVersion,
        ["apiKey"] = backend.Entra is null ? mask : null,
        ["entra"] = backend.Entra is { } entra ? Of(entra, mask) : null,
    };

    public static JsonObject Of(Model model) => new()
    {
        ["name"] = model.Name,
        ["aliases"] = List(model.Aliases),
        ["family"] = AuditTrail.Word(model.Family),
        ["operations"] = List(model.Operations.Order().Select(AuditTrail.Word)),
        ["contextWindow"] = model.ContextWindow,
        ["maxOutput"] = model.MaxOutput,
    };

    public static JsonObject Of(DeploymentDefinition deployment) => new()
    {
        ["model"] = deployment.Model,
        ["backend"] = deployment.Backend,
        ["name"] = deployment.Name,
    };

    /// <param name="sharedSecret">A mask, or null where there is none.</param>
    public static JsonObject Of(EventDefinition definition, string? owner, IEnumerable<string> coOrganisers, string? sharedSecret) => new()
    {
        ["code"] = definition.Code,
        ["name"] = definition.Name,
        ["description"] = definition.Description,
        ["organiser"] = new JsonObject { ["name"] = definition.Organiser.Name, ["email"] = definition.Organiser.Email },
        ["imageUrl"] = definition.ImageUrl,
        ["start"] = EventRow.WriteWallTime(definition.Start),
        ["end"] = EventRow.WriteWallTime(definition.End),
        ["timeZone"] = definition.TimeZone,
        ["state"] = AuditTrail.Word(definition.State),
        ["models"] = List(definition.Models),
        ["defaults"] = new JsonObject(definition.Defaults.OrderBy(d => d.Key)
            .Select(d => KeyValuePair.Create(AuditTrail.Word(d.Key), (JsonNode?)d.Value))),
        ["outputCap"] = definition.OutputCap,
        ["reasoningOutputCap"] = definition.ReasoningOutputCap,
        ["entrance"] = AuditTrail.Word(definition.Entrance),
        ["sharedSecret"] = sharedSecret,
        ["hashesUserIds"] = definition.HashesUserIds,
        ["cutsInFlight"] = definition.CutsInFlight,
        ["attendeeCap"] = definition.AttendeeCap,
        ["allowedOrigins"] = List(definition.AllowedOrigins),
        ["owner"] = owner,
        ["coOrganisers"] = List(coOrganisers.Order(StringComparer.Ordinal)),
        ["tokenAdmission"] = definition.TokenAdmission is { } admission ? Of(admission) : null,
        ["streamMode"] = definition.StreamMode is { } mode ? AuditTrail.Word(mode) : null,
        ["retentionDays"] = definition.RetentionDays,
    };

    public static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);

    private static JsonObject Of(EntraDefinition entra, string mask) => new()
    {
        ["kind"] = AuditTrail.Word(entra.Kind),
        ["tenantId"] = entra.TenantId,
        ["clientId"] = entra.ClientId,
        ["scope"] = entra.Scope,
        ["authority"] = entra.Authority,
        ["clientSecret"] = entra.Kind == EntraIdentityKind.ClientSecret ? mask : null,
    };

    private static JsonObject Of(TokenAdmissionDefinition admission) => new()
    {
        ["tenantId"] = admission.TenantId,
        ["audiences"] = List(admission.Audiences),
        ["groups"] = List(admission.Groups),
        ["roles"] = List(admission.Roles),
        ["authority"] = admission.Authority,
    };
}
