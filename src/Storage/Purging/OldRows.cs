using OpenAIProxy.Storage.Sql;

namespace OpenAIProxy.Storage.Purging;

/// <summary>Rows of a table that may go.</summary>
internal abstract class OldRows
{
    /// <summary>The table and the columns of its key.</summary>
    protected abstract (string Table, string Key) Rows { get; }

    /// <summary>From FROM on: the table with <see cref="Parameters"/> in its conditions.</summary>
    protected abstract string Old { get; }

    protected abstract object Parameters { get; }

    public async Task<bool> AreThereAsync(Statements statements) => await statements.FindAsync<long>($"SELECT EXISTS (SELECT 1 {Old})", Parameters) != 0;

    /// <returns>How many have gone: at most <paramref name="most"/>, which is a number of ours.</returns>
    public virtual async Task<int> DeleteAsync(Statements statements, int most) =>
        await statements.ExecuteAsync($"DELETE FROM {Rows.Table} WHERE ({Rows.Key}) IN (SELECT {Rows.Key} {Old} LIMIT {most})", Parameters);
}
