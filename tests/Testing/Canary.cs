using System.Text;

namespace OpenAIProxy.Testing;

/// <summary>Looks for a planted secret everywhere the server could have left it.</summary>
public static class Canary
{
    /// <exception cref="InvalidOperationException">It is in the log, in the metrics, or in clear in a file of the data directory.</exception>
    public static async Task ShouldNotHaveKeptAsync(this GatewayUnderTest gateway, string secret)
    {
        if (gateway.Log.Lines.FirstOrDefault(l => l.Contains(secret, StringComparison.Ordinal)) is { } line)
            throw new InvalidOperationException($"The log has the secret: {line}");
        if ((await gateway.Admin.GetStringAsync("/metrics")).Contains(secret, StringComparison.Ordinal))
            throw new InvalidOperationException("The metrics have the secret.");
        // The lock cannot be read while the server has it.
        foreach (var file in Directory.EnumerateFiles(gateway.DataDirectory, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
            if (await ReadAsync(file) is var bytes && (Has(bytes, Encoding.UTF8.GetBytes(secret)) || Has(bytes, Encoding.Unicode.GetBytes(secret))))
                throw new InvalidOperationException($"{file} has the secret in clear.");
    }

    private static bool Has(byte[] bytes, byte[] secret) => bytes.AsSpan().IndexOf(secret) >= 0;

    // The server has the files open.
    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
