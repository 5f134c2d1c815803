using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>Builds server-sent events from parts that stay the same and a token that does not; one buffer for a whole stream.</summary>
internal sealed class ChunkBuffer : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly ArrayBufferWriter<byte> buffer = new(512);
    private readonly Utf8JsonWriter json;

    public ChunkBuffer() => json = new(buffer, Options);

    public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

    public ChunkBuffer Start()
    {
        buffer.ResetWrittenCount();
        return this;
    }

    public ChunkBuffer Raw(ReadOnlySpan<byte> utf8)
    {
        buffer.Write(utf8);
        return this;
    }

    public ChunkBuffer Raw(string text)
    {
        Encoding.UTF8.GetBytes(text, buffer);
        return this;
    }

    public ChunkBuffer Number(long value)
    {
        json.Reset(buffer);
        json.WriteNumberValue(value);
        json.Flush();
        return this;
    }

    /// <summary>In quotes, escaped.</summary>
    public ChunkBuffer Text(ReadOnlySpan<char> text)
    {
        json.Reset(buffer);
        json.WriteStringValue(text);
        json.Flush();
        return this;
    }

    public ChunkBuffer Usage(Usage usage, Catalog.ApiVersion version)
    {
        json.Reset(buffer);
        usage.Write(json, version);
        json.Flush();
        return this;
    }

    public void Dispose() => json.Dispose();
}
