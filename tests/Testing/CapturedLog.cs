using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Testing;

/// <summary>Everything that was logged, as text with its exceptions and its structured values.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly List<Awaited> awaited = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
                return [.. lines];
        }
    }

    /// <summary>Completes when so many lines match: an answer ends before the server has told its log of it.</summary>
    /// <exception cref="TimeoutException">They did not come within 30 seconds.</exception>
    public async Task<IReadOnlyList<string>> UntilAsync(Func<string, bool> matches, int count = 1)
    {
        var waiting = new Awaited(matches, count);
        lock (gate)
        {
            awaited.Add(waiting);
            foreach (var line in lines)
                waiting.See(line);
        }
        await waiting.Reached.WaitAsync(LongestWait);
        return [.. Lines.Where(matches)];
    }

    /// <summary>Completes when so many requests have been logged as ended.</summary>
    public Task<IReadOnlyList<string>> RequestsEndedAsync(int count) => UntilAsync(l => l.Contains("OpenAIProxy.Gateway.Telemetry.RequestLog", StringComparison.Ordinal), count);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(string line)
    {
        lock (gate)
        {
            lines.Add(line);
            foreach (var waiting in awaited)
                waiting.See(line);
            awaited.RemoveAll(w => w.Reached.IsCompleted);
        }
    }

    // Counts on, because a log under load is long.
    private sealed class Awaited(Func<string, bool> matches, int count)
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int seen;

        public Task Reached => reached.Task;

        public void See(string line)
        {
            if (matches(line) && ++seen == count)
                reached.SetResult();
        }
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log.Add($"{logLevel} {category} {formatter(state, exception)} {string.Join(' ', ValuesOf(state))} {exception}");
        }

        private static IEnumerable<string> ValuesOf<TState>(TState state) => state switch
        {
            IEnumerable<KeyValuePair<string, object?>> pairs => pairs.Select(p => $"{p.Key}={p.Value}"),
            IJsonLine line => ValuesOf(line),
            _ => [],
        };

        private static List<string> ValuesOf(IJsonLine line)
        {
            var json = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(json))
            {
                writer.WriteStartObject();
                line.WriteValues(writer);
                writer.WriteEndObject();
            }
            using var document = JsonDocument.Parse(json.WrittenMemory);
            return [.. document.RootElement.EnumerateObject().Select(value => $"{value.Name}={value.Value}")];
        }
    }
}
