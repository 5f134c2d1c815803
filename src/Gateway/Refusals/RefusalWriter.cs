using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OpenAIProxy.Gateway.Refusals;

/// <summary>
/// Writes a refusal so that every client understands it: <c>application/json</c>, all four keys of OpenAI's error object,
/// and the headers that make each SDK retry where that helps and only there.
/// </summary>
internal static class RefusalWriter
{
    // .NET's SDK knows Retry-After in whole seconds only; Node's and Python's prefer retry-after-ms and give up on long waits.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    // The message is read by people; the answer is JSON, never part of a page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    /// <exception cref="AnswerCutShortException">An answer had begun: a stream ends with the refusal, any other without a word.</exception>
    public static async Task WriteAsync(HttpResponse response, Refusal refusal)
    {
        if (refusal.EndsStream)
            await WriteIntoStreamAsync(response, refusal);
        if (refusal.EndsStream || response.HasStarted)
            throw new AnswerCutShortException();
        response.StatusCode = refusal.Status;
        response.ContentType = "application/json";
        WriteHeaders(response.Headers, refusal);
        var body = BodyOf(refusal);
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body);
        // Not the client's token: Kestrel knows by itself when there is nobody to write to, and this must not throw.
        await response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    // Python's and Node's SDKs raise it.
    private static async Task WriteIntoStreamAsync(HttpResponse response, Refusal refusal)
    {
        response.BodyWriter.Write("data: "u8);
        using (var json = new Utf8JsonWriter(response.BodyWriter, Readable))
            WriteBody(json, refusal);
        response.BodyWriter.Write("\n\n"u8);
        await response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    // Good until the thread writes the next one.
    private static ReadOnlySpan<byte> BodyOf(Refusal refusal)
    {
        var bytes = buffer ??= new ArrayBufferWriter<byte>(1_024);
        bytes.ResetWrittenCount();
        var json = writer ??= new Utf8JsonWriter(bytes, Readable);
        json.Reset();
        WriteBody(json, refusal);
        json.Flush();
        return bytes.WrittenSpan;
    }

    private static void WriteHeaders(IHeaderDictionary headers, Refusal refusal)
    {
        if (refusal.Status == StatusCodes.Status401Unauthorized)
            headers.WWWAuthenticate = "Bearer";
        if (refusal.IsFinal)
            headers["x-should-retry"] = "false";
        if (refusal.ClosesConnection)
            headers.Connection = "close";
        if (refusal.RetryAfter is not { } wait)
            return;
        var bounded = wait < LongestWait ? wait : LongestWait;
        var seconds = Math.Max(1, (long)Math.Ceiling(bounded.TotalSeconds));
        headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        headers["retry-after-ms"] = Math.Max(1, (long)Math.Ceiling(bounded.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
    }

    private static void WriteBody(Utf8JsonWriter json, Refusal refusal)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, refusal.Message);
        json.WriteString("type"u8, refusal.Type);
        json.WriteString("param"u8, refusal.Param);
        json.WriteString("code"u8, refusal.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
