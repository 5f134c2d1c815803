using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenAIProxy.Simulator.Operations;

namespace OpenAIProxy.Simulator.Control;

/// <summary>How everything under <c>/simulator</c> answers: in JSON that people can read.</summary>
internal static class ControlAnswer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    public static Task DoAsync(HttpContext http, Action action)
    {
        action();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Does what a body says and answers, or says which of its fields is wrong.</summary>
    public static async Task ReadAsync(HttpContext http, Action<ReadOnlyMemory<byte>> act, Action<Utf8JsonWriter> answer)
    {
        try
        {
            act(await Body.ReadAsync(http.Request, http.RequestAborted));
        }
        catch (WrongFieldException unreadable)
        {
            await SendErrorAsync(http, 400, unreadable.Message, unreadable.Field);
            return;
        }

        await SendAsync(http, 200, answer);
    }

    public static Task SendErrorAsync(HttpContext http, int status, string message, string? param) => SendAsync(http, status, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, message);
        json.WriteString("type"u8, "invalid_request_error");
        json.WriteString("param"u8, param);
        json.WriteNull("code"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static async Task SendAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer, Options))
            write(json);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }
}
