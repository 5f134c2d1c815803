using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Server.Logs;

/// <summary>Writes what one category has to say as a line of JSON, in the shape of ASP.NET's own console. Thread-safe.</summary>
internal sealed class JsonLogger(string category, JsonLogs logs, TimeProvider time) : ILogger
{
    // What one line needs, kept from line to line.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? json;

    private readonly JsonEncodedText category = JsonEncodedText.Encode(category);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <returns>Nothing: lines say all that belongs to them.</returns>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = buffer ??= new ArrayBufferWriter<byte>(1_024);
        line.ResetWrittenCount();
        var writer = json ??= new Utf8JsonWriter(line);
        writer.Reset();
        writer.WriteStartObject();
        WriteTime(writer, time.GetUtcNow().UtcDateTime);
        writer.WriteNumber("EventId"u8, eventId.Id);
        writer.WriteString("LogLevel"u8, NameOf(logLevel));
        writer.WriteString("Category"u8, category);
        if (state is IJsonLine own)
            Write(writer, own);
        else
            Write(writer, state, exception, formatter);
        writer.WriteEndObject();
        writer.Flush();
        line.Write("\n"u8);
        logs.Add(line.WrittenSpan);
    }

    // To the millisecond; to make the ten-millionths and leave them out is quicker than any format that has milliseconds only.
    private static void WriteTime(Utf8JsonWriter writer, DateTime time)
    {
        Span<byte> text = stackalloc byte[28];
        time.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[23] = (byte)'Z';
        writer.WriteString("Timestamp"u8, text[..24]);
    }

    private static void Write(Utf8JsonWriter writer, IJsonLine line)
    {
        writer.WriteString("Message"u8, line.Title);
        writer.WriteStartObject("State"u8);
        line.WriteValues(writer);
        writer.WriteEndObject();
    }

    private static void Write<TState>(Utf8JsonWriter writer, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        writer.WriteString("Message"u8, formatter(state, exception));
        if (exception is not null)
            writer.WriteString("Exception"u8, exception.ToString());
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
            Write(writer, values);
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        writer.WriteStartObject("State"u8);
        for (var i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            writer.WritePropertyName(name);
            Write(writer, value);
        }
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static ReadOnlySpan<byte> NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "Trace"u8,
        LogLevel.Debug => "Debug"u8,
        LogLevel.Information => "Information"u8,
        LogLevel.Warning => "Warning"u8,
        LogLevel.Error => "Error"u8,
        _ => "Critical"u8,
    };
}
