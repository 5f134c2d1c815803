namespace OpenAIProxy.Storage.Sql.Events;

/// <summary>What a value of an event's token admission is about. The numbers are stored: never change one.</summary>
internal enum TokenClaim
{
    Audience = 0,
    Group = 1,
    Role = 2,
}
