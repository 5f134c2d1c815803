using System.Text.Json;
using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>Says which field of an identity is wrong, and makes a domain identity of one that is right. Loading and putting use the same one.</summary>
internal static class EntraCheck
{
    // A directory's domain is a name of the DNS.
    private const int LongestTenant = 253;
    private const int LongestText = 256;

    /// <returns>None where all is well; the secret is not looked at.</returns>
    public static List<FieldError> Errors(EntraDefinition entra)
    {
        var errors = new List<FieldError>();
        if (!Enum.IsDefined(entra.Kind))
            errors.Add(Error(nameof(entra.Kind), $"this version knows no kind {(int)entra.Kind}."));
        if (entra.TenantId is null ? NeedsAll(entra) : !IsTenant(entra.TenantId))
            errors.Add(Error(nameof(entra.TenantId), "the directory's id or one of its domains, such as contoso.onmicrosoft.com."));
        if (entra.ClientId is null ? NeedsAll(entra) : !IsVisible(entra.ClientId, LongestText))
            errors.Add(Error(nameof(entra.ClientId), $"the client id of the application or of the user-assigned identity: 1 to {LongestText} visible ASCII characters."));
        if (entra.Scope is { } scope && !IsScope(scope))
            errors.Add(Error(nameof(entra.Scope), "what the tokens are for and then /.default, such as https://cognitiveservices.azure.com/.default, or none."));
        if (entra.Authority is { } authority && !IsAuthority(authority))
            errors.Add(Error(nameof(entra.Authority), "an absolute https URL without user, query and fragment, such as https://login.microsoftonline.com/, or none."));
        return errors;
    }

    public static EntraIdentity Identity(EntraDefinition entra) => new()
    {
        Kind = entra.Kind,
        TenantId = entra.TenantId,
        ClientId = entra.ClientId,
        Scope = entra.Scope,
        Authority = entra.Authority is { } authority ? new Uri(authority) : null,
    };

    /// <param name="property">Of the identity, as it is called here.</param>
    public static FieldError Error(string property, string reason) => new($"entra.{JsonNamingPolicy.CamelCase.ConvertName(property)}", reason);

    public static bool IsVisible(string text, int longest) => text.Length > 0 && text.Length <= longest && text.All(c => c is > ' ' and < '\x7f');

    private static bool NeedsAll(EntraDefinition entra) => entra.Kind == EntraIdentityKind.ClientSecret;

    private static bool IsTenant(string text) => text.Length is > 0 and <= LongestTenant && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');

    // The Azure CLI gets it as an argument: no character that a shell would understand.
    private static bool IsScope(string text) =>
        text.Length <= LongestText && text.EndsWith("/.default", StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/');

    private static bool IsAuthority(string text) =>
        IsVisible(text, LongestText) && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == "https"
        && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0;
}
