using System.Buffers;

namespace OpenAIProxy.Server.Logs;

/// <summary>
/// Logs as lines of JSON. Lines are collected and written together, a few dozen times a second: a line for each request, written by
/// itself, costs more than the request's authentication. Thread-safe.
/// </summary>
/// <remarks>
/// Nobody waits for the output. Where it is stuck (a full pipe, a terminal that was stopped), lines are kept up to a bound; those above
/// it are counted and left out, and the count is told when it goes on. A death of the process loses the lines of one pause at most.
/// </remarks>
internal sealed partial class JsonLogs : ILoggerProvider
{
    /// <summary>How long a line may wait for others.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>In bytes: so much may wait for an output that is stuck.</summary>
    public const int MostWaiting = 4 * 1024 * 1024;

    private static readonly TimeSpan MostToWaitAtTheEnd = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Lock output = new();
    private readonly Stream stream;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private ArrayBufferWriter<byte> waiting = new(64 * 1024);
    private ArrayBufferWriter<byte> written = new(64 * 1024);
    private long leftOut;

    /// <param name="stream">Where the lines go. Not disposed of: it is the process's.</param>
    public JsonLogs(Stream stream, TimeProvider time)
    {
        (this.stream, this.time) = (stream, time);
        timer = time.CreateTimer(static logs => ((JsonLogs)logs!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ILogger CreateLogger(string categoryName) => new JsonLogger(categoryName, this, time);

    /// <param name="line">With its line end.</param>
    public void Add(ReadOnlySpan<byte> line)
    {
        lock (gate)
        {
            if (waiting.WrittenCount + line.Length > MostWaiting)
            {
                leftOut++;
                return;
            }
            if (waiting.WrittenCount == 0)
                timer.Change(Pause, Timeout.InfiniteTimeSpan);
            waiting.Write(line);
        }
    }

    /// <summary>Writes what is waiting, unless the output stays stuck: the end of the process waits for it no longer than that.</summary>
    public void Dispose()
    {
        timer.Dispose();
        Task.Run(Flush).Wait(MostToWaitAtTheEnd);
    }

    private void Flush()
    {
        lock (output)
        {
            var missing = Take();
            try
            {
                stream.Write(written.WrittenSpan);
                stream.Flush();
            }
            catch (IOException)
            {
                // Whoever read it has gone; there is nobody left to tell.
            }
            written.ResetWrittenCount();
            if (missing > 0)
                LogLeftOut(CreateLogger(typeof(JsonLogs).FullName!), missing);
        }
    }

    private long Take()
    {
        lock (gate)
        {
            (waiting, written) = (written, waiting);
            var missing = leftOut;
            leftOut = 0;
            return missing;
        }
    }

    [LoggerMessage(LogEvents.LinesLeftOut, LogLevel.Warning, "{Count} lines were left out here: the output was stuck")]
    private static partial void LogLeftOut(ILogger logger, long count);
}
