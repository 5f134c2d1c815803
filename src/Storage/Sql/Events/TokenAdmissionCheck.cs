using System.Text.Json;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Sql.Catalog;

namespace OpenAIProxy.Storage.Sql.Events;

/// <summary>Says which field of a token admission is wrong, and makes a domain one of what is right. Loading and putting use the same one.</summary>
internal static class TokenAdmissionCheck
{
    private const int MostAudiences = 8;
    private const int LongestAudience = 256;

    // Few enough to be compared with every token that comes.
    private const int MostGroups = 50;
    private const int MostRoles = 50;
    private const int LongestRole = 128;

    // Guid takes spaces around it too.
    private const int GuidLength = 36;
    private const int LongestUrl = 2_048;

    /// <returns>None where all is well.</returns>
    public static List<FieldError> Errors(TokenAdmissionDefinition admission)
    {
        var errors = new List<FieldError>();
        if (!IsGuid(admission.TenantId))
            errors.Add(Error(nameof(admission.TenantId), "the directory's id, a GUID such as 8eaef023-2b34-4da1-9baa-8bc8c9d6a490."));
        if (admission.Audiences.Count is 0 or > MostAudiences || !admission.Audiences.All(IsAudience))
            errors.Add(Error(nameof(admission.Audiences), $"1 to {MostAudiences} audiences of 1 to {LongestAudience} visible ASCII characters, such as api://my-application."));
        if (admission.Groups.Count > MostGroups || !admission.Groups.All(IsGuid))
            errors.Add(Error(nameof(admission.Groups), $"at most {MostGroups} object ids of groups, GUIDs such as 8eaef023-2b34-4da1-9baa-8bc8c9d6a490."));
        if (admission.Roles.Count > MostRoles || !admission.Roles.All(role => Names.IsName(role, LongestRole)))
            errors.Add(Error(nameof(admission.Roles), $"at most {MostRoles} names of roles of 1 to {LongestRole} characters, such as Attendee."));
        if (!IsAuthority(admission.Authority))
            errors.Add(Error(
                nameof(admission.Authority), $"an absolute https URL (or http on this machine) that ends in a slash, without user, query and fragment, such as {TokenAdmission.DefaultAuthority}."));
        return errors;
    }

    /// <summary>Ids as tokens write them: in small letters.</summary>
    public static TokenAdmission Admission(TokenAdmissionDefinition admission) => new()
    {
        TenantId = admission.TenantId.ToLowerInvariant(),
        Audiences = admission.Audiences,
        Groups = [.. admission.Groups.Select(group => group.ToLowerInvariant())],
        Roles = admission.Roles,
        Authority = new Uri(admission.Authority),
    };

    private static bool IsGuid(string text) => text.Length == GuidLength && Guid.TryParseExact(text, "D", out _);

    private static bool IsAudience(string text) => EntraCheck.IsVisible(text, LongestAudience);

    private static bool IsAuthority(string text) =>
        EntraCheck.IsVisible(text, LongestUrl) && text.EndsWith('/') && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0;

    private static FieldError Error(string property, string reason) => new($"tokenAdmission.{JsonNamingPolicy.CamelCase.ConvertName(property)}", reason);
}
