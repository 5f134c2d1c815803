using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Ledger.Entries;

/// <summary>What the database knows of its journal.</summary>
/// <param name="Server">Whose journal it is.</param>
/// <param name="Folded">Up to which record settlements are entries.</param>
internal readonly record struct Mark(Guid Server, long Folded)
{
    public static async Task<Mark> ReadAsync(Statements statements)
    {
        var (server, folded) = await statements.FindAsync<(string, long)>("SELECT server, folded FROM ledger");
        return new Mark(Guid.ParseExact(server, "N"), folded);
    }

    public static Task MoveAsync(Statements statements, long sequence) =>
        statements.ExecuteAsync("UPDATE ledger SET folded = MAX(folded, @sequence)", new { sequence });
}
