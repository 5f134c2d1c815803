using Microsoft.Data.Sqlite;
using OpenAIProxy.Domain;

namespace OpenAIProxy.Storage.Sqlite;

/// <summary>SQLite's error codes as sentences that a person can act on.</summary>
internal static class SqliteTrouble
{
    private const int Permission = 3, Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static StorageException? AtStart(Exception exception, string path) => exception switch
    {
        StorageException => null,
        SqliteException e when Sentence(e, path) is { } sentence => new StorageException(sentence, e),
        StorageUnavailableException e => new StorageException(e.Message, e),
        _ => null,
    };

    /// <summary>Whether storage is the trouble, and not a mistake in the statement.</summary>
    public static bool Is(SqliteException exception) => Sentence(exception, "") is not null;

    public static StorageUnavailableException AtRunTime(SqliteException exception, string path) =>
        new(Sentence(exception, path) ?? exception.Message, exception);

    private static string? Sentence(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        Busy or Locked => $"The database '{path}' is locked by another program: close that program.",
        ReadOnly or Permission => $"The database '{path}' cannot be written: give this user write access to the file and its directory.",
        Full => $"The disk is full: make room for the database '{path}'.",
        CannotOpen => $"The database '{path}' cannot be opened: see that it is a file and that this user may read and write it and its directory.",
        NotADatabase => $"The file '{path}' is not a SQLite database: move it away, or bring back a backup.",
        Corrupt => $"The database '{path}' is damaged: bring back a backup, or save what can be read with 'sqlite3 {path} .recover'.",
        InputOutput => $"The database '{path}' could not be read or written ({e.Message.TrimEnd('.')}): look after the disk.",
        _ => null,
    };
}
