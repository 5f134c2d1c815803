using System.ComponentModel;
using System.Diagnostics;

namespace OpenAIProxy.Bench.Subjects;

/// <summary>A program that ends by itself.</summary>
internal static class Command
{
    // What a shell says.
    private const int NotFound = 127;

    // ENOENT
    private const int NoSuchFile = 2;

    /// <returns>Exit code 127 where there is no such program.</returns>
    public static async Task<(int ExitCode, string Printed)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Start(start);
        if (process is null)
            return (NotFound, "");
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, string.Concat(texts).Trim());
    }

    private static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception e) when (e.NativeErrorCode == NoSuchFile)
        {
            return null;
        }
    }
}
