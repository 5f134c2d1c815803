using System.Data;
using Microsoft.Data.Sqlite;

namespace OpenAIProxy.Storage.Sqlite;

/// <summary>
/// Prepares each statement that has parameters once, however often it is run: to read its text and to plan it costs several times what most of them do.
/// Their texts are the code's, so there are few enough to keep all of them until the connection closes. For one thread.
/// </summary>
internal sealed class PreparingConnection(string connectionString) : SqliteConnection(connectionString)
{
    private readonly Dictionary<string, SqliteCommand> preparedByText = [];

    public override SqliteCommand CreateCommand() => new Command(this);

    private SqliteCommand Prepared(string text)
    {
        if (preparedByText.TryGetValue(text, out var prepared))
            return prepared;
        prepared = base.CreateCommand();
#pragma warning disable CA2100 // It is the text of a command that somebody made.
        prepared.CommandText = text;
#pragma warning restore CA2100
        preparedByText.Add(text, prepared);
        return prepared;
    }

    // What a failure leaves behind in it is not known.
    private void Forget(string text)
    {
        if (preparedByText.Remove(text, out var prepared))
            prepared.Dispose();
    }

    /// <summary>Has the values, and may be disposed; what runs is the one that is prepared.</summary>
    private sealed class Command : SqliteCommand
    {
        private readonly PreparingConnection connection;

        public Command(PreparingConnection connection)
        {
            this.connection = connection;
            Connection = connection;
        }

        // All ways to run a command end here.
        public override SqliteDataReader ExecuteReader(CommandBehavior behavior)
        {
            // Migrations, settings and the bounds of transactions, which are run now and then.
            if (Parameters.Count == 0)
                return base.ExecuteReader(behavior);
            var prepared = connection.Prepared(CommandText);
            prepared.Parameters.Clear();
            foreach (SqliteParameter parameter in Parameters)
                prepared.Parameters.Add(parameter);
            try
            {
                return prepared.ExecuteReader(behavior);
            }
            catch
            {
                connection.Forget(CommandText);
                throw;
            }
        }
    }
}
