namespace OpenAIProxy.Storage.Sql.Access;

/// <summary>Whether a key works.</summary>
public enum KeyState
{
    Active,
    Revoked,
    Expired,
}
