using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OpenAIProxy.Bench.Load;

/// <summary>Waits for a moment to about a twentieth of a millisecond; .NET's own timers keep to whole milliseconds, which is what is to be measured.</summary>
internal static class PreciseClock
{
    private const double MicrosecondsPerSecond = 1e6;

    /// <summary>Blocks the thread, which must be the caller's own.</summary>
    /// <param name="timestamp">Of <see cref="Stopwatch"/>.</param>
    public static void WaitUntil(long timestamp)
    {
        for (var left = timestamp - Stopwatch.GetTimestamp(); left > 0; left = timestamp - Stopwatch.GetTimestamp())
            _ = usleep((uint)Math.Max(1, left * MicrosecondsPerSecond / Stopwatch.Frequency));
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int usleep(uint microseconds);
}
