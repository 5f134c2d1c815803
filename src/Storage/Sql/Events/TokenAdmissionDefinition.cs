using System.Diagnostics.CodeAnalysis;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Storage.Sql.Events;

/// <summary>Whose tokens of Microsoft Entra ID let people in to an event, as it is written down: plain values, which putting the event checks.</summary>
public sealed record TokenAdmissionDefinition
{
    /// <summary>The directory, by its id: a GUID.</summary>
    public required string TenantId { get; init; }

    /// <summary>Whom the tokens are for, one of these: the client id or application id URI of what people sign in to. 1 to 8.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Object ids of groups, at most 50. Who has one of the groups or roles comes in; none of both is everybody of the directory.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Names of roles, at most 50.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Where the directory's keys are found; null is Entra ID's public cloud. https, or http on this machine; it ends in a slash.</summary>
    [AllowNull]
    public string Authority { get; init => field = value ?? TokenAdmission.DefaultAuthority.ToString(); } = TokenAdmission.DefaultAuthority.ToString();
}
