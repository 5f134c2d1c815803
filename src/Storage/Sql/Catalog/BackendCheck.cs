using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Storage.Sql.Catalog;

/// <summary>Says what of a backend's definition makes no sense, or may not be.</summary>
internal static class BackendCheck
{
    private const int LongestApiVersion = 64;
    private const int LongestSecret = 4_096;

    /// <param name="known">The backend as it is; null is a new one.</param>
    /// <exception cref="ChangeRefusedException">Its errors name all fields that are wrong.</exception>
    public static void Check(BackendDefinition backend, BackendRow? known)
    {
        var errors = new List<FieldError>();
        if (known is null && !Names.IsName(backend.Name))
            errors.Add(new FieldError(nameof(backend.Name), $"a backend's name has {Names.Rule()}."));
        if (!Uri.TryCreate(backend.Endpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            errors.Add(new FieldError(nameof(backend.Endpoint), "an absolute URL, such as https://my-resource.openai.azure.com."));
        else if (endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0 || endpoint.UserInfo.Length > 0)
            errors.Add(new FieldError(nameof(backend.Endpoint), "a URL without user, query and fragment."));
        if (backend.ApiVersion.Length is 0 or > LongestApiVersion || !backend.ApiVersion.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
            errors.Add(new FieldError(nameof(backend.ApiVersion), "an api-version, such as 2024-10-21."));
        // Else whoever may edit a backend, but not see its secret, could have it or a token sent to a host of their own.
        var isMoved = endpoint is not null && Uri.TryCreate(known?.Endpoint, UriKind.Absolute, out var before) && !IsSameHost(endpoint, before);
        errors.AddRange(backend.Entra is { } entra ? EntraErrors(backend, entra, known, isMoved) : KeyErrors(backend, known, isMoved));
        if (errors.Count > 0)
            throw new ChangeRefusedException(errors);
    }

    private static IEnumerable<FieldError> KeyErrors(BackendDefinition backend, BackendRow? known, bool isMoved)
    {
        if (backend.ApiKey is { } key)
        {
            if (!EntraCheck.IsVisible(key, LongestSecret))
                yield return new FieldError(nameof(backend.ApiKey), $"1 to {LongestSecret} visible ASCII characters: it is sent in a header.");
        }
        else if (known is null)
            yield return new FieldError(nameof(backend.ApiKey), "a new backend needs an apiKey, or an identity as entra.");
        else if (known.ApiKeyEncrypted is null)
            yield return new FieldError(nameof(backend.ApiKey), "give an apiKey: without its identity the backend needs one.");
        else if (isMoved)
            yield return new FieldError(nameof(backend.ApiKey), "must be given again when the endpoint's scheme, host or port changes.");
    }

    private static IEnumerable<FieldError> EntraErrors(BackendDefinition backend, EntraDefinition entra, BackendRow? known, bool isMoved)
    {
        if (backend.ApiKey is not null)
            return [new FieldError(nameof(backend.Entra), "a backend has either an apiKey or an identity: give one of them.")];
        if (backend.KeepsIdentity && isMoved)
            return [new FieldError(nameof(backend.Entra), "must be given again when the endpoint's scheme, host or port changes.")];
        return [.. EntraCheck.Errors(entra), .. SecretErrors(entra, known, isMoved)];
    }

    private static IEnumerable<FieldError> SecretErrors(EntraDefinition entra, BackendRow? known, bool isMoved)
    {
        if (entra.Kind != EntraIdentityKind.ClientSecret)
        {
            if (entra.ClientSecret is not null)
                yield return EntraCheck.Error(nameof(entra.ClientSecret), "only the kind clientSecret has one: leave it out, or change the kind.");
        }
        else if (entra.ClientSecret is { } secret)
        {
            if (!EntraCheck.IsVisible(secret, LongestSecret))
                yield return EntraCheck.Error(nameof(entra.ClientSecret), $"1 to {LongestSecret} visible ASCII characters.");
        }
        else if (known?.ClientSecretEncrypted is null)
            yield return EntraCheck.Error(nameof(entra.ClientSecret), "the kind clientSecret needs the application's secret.");
        else if (isMoved || !IsSameIdentity(known, entra))
            yield return EntraCheck.Error(
                nameof(entra.ClientSecret), "must be given again when tenant, client id, authority, or the endpoint's scheme, host or port change.");
    }

    private static bool IsSameIdentity(BackendRow known, EntraDefinition entra) =>
        string.Equals(known.EntraTenant, entra.TenantId, StringComparison.OrdinalIgnoreCase)
        && string.Equals(known.EntraClient, entra.ClientId, StringComparison.OrdinalIgnoreCase)
        && IsSameUrl(known.EntraAuthority, entra.Authority);

    private static bool IsSameHost(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsSameUrl(string? one, string? other) =>
        one == other || (Uri.TryCreate(one, UriKind.Absolute, out var first) && Uri.TryCreate(other, UriKind.Absolute, out var second) && first == second);
}
