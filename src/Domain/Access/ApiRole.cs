namespace OpenAIProxy.Domain.Access;

/// <summary>What a token of the management API allows. The numbers are stored: never change one.</summary>
public enum ApiRole
{
    /// <summary>Everything.</summary>
    Administrator = 0,

    /// <summary>The events of one organiser.</summary>
    Organiser = 1,
}
