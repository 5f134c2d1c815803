using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Tokens;

/// <summary>What opens the management API for the operator. Known once storage has been started. Thread-safe.</summary>
public sealed class AdminToken
{
    private const int MinLength = 16;
    private const int RandomLength = 43;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly StorageOptions options;
    private byte[]? hash;

    internal AdminToken(StorageOptions options) => this.options = options;

    /// <summary>Where the token is kept; null where the options give one, which is kept nowhere.</summary>
    public string? Path => options.AdminToken is null ? PathIn(options.DataDirectory) : null;

    internal static string PathIn(string directory) => System.IO.Path.Combine(directory, "admin-token");

    /// <summary>Compares in constant time, so that it cannot be guessed letter by letter.</summary>
    /// <exception cref="InvalidOperationException">Storage has not been started.</exception>
    public bool Matches(string token) =>
        CryptographicOperations.FixedTimeEquals(Hash(token), hash ?? throw new InvalidOperationException("Storage has not been started."));

    /// <exception cref="WrongOptionException">The token that was given will not do.</exception>
    internal static void Check(StorageOptions options)
    {
        if (options.AdminToken is { } token && !IsFit(token))
            throw new WrongOptionException(
                $"OPENAIPROXY_ADMIN_TOKEN needs at least {MinLength} visible ASCII characters: make one with 'openssl rand -hex 32'.");
    }

    /// <summary>Reads the token, or makes one.</summary>
    /// <exception cref="StorageException">The file cannot be read or written, or has no fit token.</exception>
    internal void Open() => hash = Hash(options.AdminToken ?? Read(PathIn(options.DataDirectory)));

    private static string Read(string path)
    {
        try
        {
            if (!File.Exists(path))
                Write(path, RandomNumberGenerator.GetString(Alphabet, RandomLength));
            var token = File.ReadAllText(path).Trim();
            return IsFit(token)
                ? token
                : throw new StorageException($"The admin token in '{path}' needs at least {MinLength} visible ASCII characters: delete the file for a new one.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The admin token in '{path}' cannot be used ({e.Message.TrimEnd('.')}): see that this user may read and write the file.", e);
        }
    }

    private static void Write(string path, string token)
    {
        var settings = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            settings.UnixCreateMode = DataDirectory.OwnerOnlyFile;
        using var writer = new StreamWriter(path, Encoding.ASCII, settings);
        writer.WriteLine(token);
    }

    private static bool IsFit(string token) => token.Length >= MinLength && token.All(c => c is > ' ' and < '\x7f');

    // Of equal length whatever was given; a comparison of the texts would tell the token's length.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
