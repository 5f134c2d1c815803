using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage;

/// <summary>One change of the configuration: what is written through its tables happens together or not at all.</summary>
public sealed class Change : Tables
{
    internal Change(Statements statements, SecretProtection secrets, Actor actor, TimeProvider time)
        : base(statements, secrets, actor, time)
    {
    }

    internal Task NextVersionAsync() => Statements.ExecuteAsync("UPDATE configuration SET version = version + 1");
}
