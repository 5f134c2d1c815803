using System.Diagnostics;

namespace OpenAIProxy.Bench.Scenarios;

/// <summary>Says what is being done and what is left.</summary>
internal sealed class Progress(TextWriter output, TimeSpan planned)
{
    private readonly long started = Stopwatch.GetTimestamp();

    public void Say(string text)
    {
        output.WriteLine($"{Times(Stopwatch.GetElapsedTime(started), planned)}  {text}");
        output.Flush();
    }

    /// <summary>How long it has gone on, in minutes and seconds however many, and what is left of what was planned.</summary>
    public static string Times(TimeSpan elapsed, TimeSpan planned)
    {
        var left = planned > elapsed ? planned - elapsed : TimeSpan.Zero;
        return $"{Math.Floor(elapsed.TotalMinutes):00}:{elapsed:ss}  about {Math.Ceiling(left.TotalMinutes):0} min left";
    }
}
