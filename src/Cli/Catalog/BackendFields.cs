using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Catalog;

/// <summary>What there is to see of a backend.</summary>
internal static class BackendFields
{
    public static readonly IReadOnlyList<Field> InList =
    [
        Field.Text("Name", "name"), Field.Text("Endpoint", "endpoint"), Field.Text("API version", "apiVersion"), Field.YesNo("Key", "hasApiKey"),
        Field.Text("Entra", "entra", "kind"),
    ];

    public static readonly IReadOnlyList<Field> OfOne =
    [
        .. InList,
        Field.Text("Tenant", "entra", "tenantId"),
        Field.Text("Client id", "entra", "clientId"),
        Field.YesNo("Client secret", "hasClientSecret").Where(backend => backend["entra"]?["kind"]?.ToString() == "clientSecret"),
        Field.Text("Scope", "entra", "scope"),
        Field.Text("Authority", "entra", "authority"),
    ];
}
