using System.Diagnostics.CodeAnalysis;

namespace OpenAIProxy.Cli.Secrets;

/// <summary>Where a secret is, as people write it: env:NAME, file:PATH or - for standard input. Never the secret itself.</summary>
internal sealed class SecretReference
{
    public const string Form = "Give env:NAME, file:PATH or - (standard input).";

    private const string Env = "env:";
    private const string File = "file:";
    private readonly string text;

    private SecretReference(string text) => this.text = text;

    public static bool TryParse(string text, [NotNullWhen(true)] out SecretReference? reference)
    {
        var isOne = text == "-"
            || (text.StartsWith(Env, StringComparison.Ordinal) && text.Length > Env.Length)
            || (text.StartsWith(File, StringComparison.Ordinal) && text.Length > File.Length);
        reference = isOne ? new(text) : null;
        return isOne;
    }

    /// <exception cref="CommandFailedException">There is no such secret, or it is empty.</exception>
    public async Task<string> ReadAsync(Surroundings surroundings, CancellationToken cancellation)
    {
        var secret = text switch
        {
            "-" => await surroundings.Terminal.ReadSecretAsync(cancellation),
            _ when text.StartsWith(Env, StringComparison.Ordinal) => surroundings.Variable(text[Env.Length..])
                ?? throw Missing($"The environment variable {text[Env.Length..]} is not set."),
            _ => await ReadFileAsync(surroundings.PathOf(text[File.Length..]), cancellation),
        };
        // A file written by echo ends with a line feed that is no part of the secret.
        secret = secret.TrimEnd('\r', '\n');
        return secret.Length > 0 ? secret : throw Missing($"There is an empty secret at {text}.");
    }

    public override string ToString() => text;

    private static async Task<string> ReadFileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await System.IO.File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Missing($"The secret cannot be read: {unreadable.Message}");
        }
    }

    private static CommandFailedException Missing(string message) => new(ExitCode.WrongUsage, message);
}
