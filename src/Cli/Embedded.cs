namespace OpenAIProxy.Cli;

/// <summary>Files that are part of the program.</summary>
internal static class Embedded
{
    public static async Task<string> ReadAsync(string name, CancellationToken cancellation)
    {
        using var reader = new StreamReader(typeof(Embedded).Assembly.GetManifestResourceStream(name)!);
        return await reader.ReadToEndAsync(cancellation);
    }
}
