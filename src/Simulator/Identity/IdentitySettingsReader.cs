using OpenAIProxy.Simulator.Control;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>Reads the settings; what it does not know it refuses by the name of the field.</summary>
internal static class IdentitySettingsReader
{
    /// <exception cref="WrongFieldException">Names the field.</exception>
    public static IdentitySettings Read(ReadOnlyMemory<byte> json)
    {
        using var document = SentJson.Parse(json, "the body");
        var fields = new Fields(document.RootElement, "", "the identity's settings");
        var managed = fields.Object("managedIdentities", "managedIdentities");
        var settings = new IdentitySettings
        {
            TokenLifetime = Seconds(fields, "tokenSeconds") ?? IdentitySettings.Default.TokenLifetime,
            RefreshAfter = Seconds(fields, "refreshSeconds"),
            Tenants = fields.Texts("tenants")?.Select(name => Tenant.Find(name) ?? throw fields.Wrong("tenants", $"'{name}' is neither an id nor a domain")).ToArray(),
            Clients = fields.Objects("clients", "a client")?.Select(Client).ToArray(),
            HasSystemIdentity = managed?.Boolean("system") ?? true,
            UserIdentities = managed?.Texts("user"),
            IdentityHeader = fields.Text("identityHeader"),
            Outages = fields.Objects("outages", "an outage")?.Select(ReadOutage).ToArray() ?? [],
            Json = document.RootElement.GetRawText(),
        };
        managed?.RefuseOthers();
        fields.RefuseOthers();
        return settings;
    }

    private static TimeSpan? Seconds(Fields fields, string name) =>
        fields.Integer(name, 1) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static KnownClient Client(Fields fields)
    {
        var client = new KnownClient(
            fields.Text("id") ?? throw fields.Wrong("id", "is missing"), fields.Texts("secrets"), fields.Texts("subjects"), fields.Texts("roles") ?? []);
        fields.RefuseOthers();
        return client;
    }

    private static Outage ReadOutage(Fields fields)
    {
        var endpoint = fields.OneOf("endpoint", [.. Enum.GetNames<IdentityEndpoint>().Select(Camel)]) ?? throw fields.Wrong("endpoint", "is missing");
        var kind = fields.OneOf("kind", [.. Enum.GetNames<OutageKind>().Select(Camel)]) ?? throw fields.Wrong("kind", "is missing");
        var outage = new Outage(Enum.Parse<IdentityEndpoint>(endpoint, ignoreCase: true), Enum.Parse<OutageKind>(kind, ignoreCase: true))
        {
            Status = (int)(fields.Integer("status", 400) ?? 503),
            Body = fields.Json("body"),
            RetryAfter = fields.HeaderValue("retryAfter"),
            Skip = fields.Integer("skip", 0) ?? 0,
            Times = fields.Integer("times", 1),
        };
        if (outage.Status > 599)
            throw fields.Wrong("status", "at most 599 is expected");
        fields.RefuseOthers();
        return outage;
    }

    public static string Camel(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);
}
