namespace OpenAIProxy.Domain.Events;

/// <summary>Whose tokens of Microsoft Entra ID let people in to an event.</summary>
public sealed record TokenAdmission
{
    /// <summary>Where Entra ID's public cloud issues tokens.</summary>
    public static readonly Uri DefaultAuthority = new("https://login.microsoftonline.com/");

    /// <summary>The directory, by its id (a GUID): the <c>tid</c> of its tokens.</summary>
    public required string TenantId { get; init; }

    /// <summary>Whom the tokens are for, one of them: the client id or the application id URI of the application that people sign in to. At least one.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Object ids of groups and names of roles: who has one of them comes in. None is everybody of the tenant.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Where the tenant's keys are found, an absolute URL that ends in a slash; http only on this machine, for trying things out.</summary>
    public Uri Authority { get; init; } = DefaultAuthority;
}
