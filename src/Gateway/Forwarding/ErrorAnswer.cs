using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>A backend's complaint about the client's own request: passed on as it is, or put into an error object where it has none.</summary>
internal static class ErrorAnswer
{
    private const int UsualBody = 4 * 1024;

    // What is longer cannot be looked at: it repeats the request, and only the owner of the resource is to have all of it.
    private const int LongestBody = 1024 * 1024;

    /// <summary>
    /// Whether a 404 is about a field that the model or the api-version does not know, as some are: https://github.com/langchain-ai/opengpts/issues/166,
    /// https://github.com/567-labs/instructor/issues/405. One about the deployment or the path has a code.
    /// </summary>
    /// <param name="answer">All of it is still to be passed on; only where this throws it is disposed.</param>
    public static async ValueTask<bool> IsAboutRequestAsync(BackendAnswer answer)
    {
        try
        {
            return ErrorIn(await answer.PeekAsync(), static error =>
                OpenAIError.TextOf(error, "type") == "invalid_request_error" && OpenAIError.TextOf(error, "code") is null);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether a model complains that its output limit was too low: it has thought until there, and Azure answers 400 in place of a cut answer. Seen of gpt-5:
    /// https://github.com/openai/openai-python/issues/2886, https://github.com/steipete/CodexBar/issues/2867
    /// </summary>
    public static bool HasSpentOutput(ReadOnlyMemory<byte> body) => Says(body, "Could not finish the message because max_tokens or model output limit was reached");

    public static async Task PassOnAsync(BackendAnswer answer, HttpResponse response, RequestEntry entry, Delivery delivery)
    {
        var body = ArrayPool<byte>.Shared.Rent(UsualBody);
        try
        {
            var length = 0;
            while (length < LongestBody)
            {
                if (length == body.Length)
                    body = Grown(body);
                var count = await answer.ReadAsync(body.AsMemory(length));
                if (count == 0)
                    break;
                length += count;
            }
            entry.HasSpentOutput = HasSpentOutput(body.AsMemory(0, length));
            entry.Outcome = entry.HasSpentOutput || IsCharged(body.AsMemory(0, length)) ? Outcome.Refused : Outcome.NotTaken;
            await entry.SettleAsync();
            response.StatusCode = answer.Status;
            PassedHeaders.CopyDown(answer.Headers, response.Headers, delivery.IsOwn);
            response.ContentType = delivery.IsOwn ? answer.ContentType ?? "application/json" : "application/json";
            Write(response.BodyWriter, body.AsMemory(0, length), answer.Status, delivery);
            await answer.FlushAsync(response.BodyWriter, response.HttpContext.RequestAborted);
            if (delivery.IsOwn && length >= LongestBody)
                await PassRestOnAsync(answer, response);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private static async Task PassRestOnAsync(BackendAnswer answer, HttpResponse response)
    {
        var writer = response.BodyWriter;
        while (await answer.ReadAsync(writer.GetMemory(UsualBody)) is var count and > 0)
        {
            writer.Advance(count);
            await answer.FlushAsync(writer, response.HttpContext.RequestAborted);
        }
    }

    private static byte[] Grown(byte[] body)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * body.Length);
        body.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(body);
        return larger;
    }

    private static void Write(IBufferWriter<byte> writer, ReadOnlyMemory<byte> body, int status, Delivery delivery)
    {
        var isRight = delivery.IsOwn || (!delivery.IsStrict && HasErrorObject(body));
        if (isRight || !OpenAIError.TryWrite(writer, body, status))
            writer.Write(body.Span);
    }

    private static bool HasErrorObject(ReadOnlyMemory<byte> body) => ErrorIn(body, static _ => true);

    // What the content filter stops, and what is too long for the model, Azure has worked on:
    // https://learn.microsoft.com/azure/ai-services/openai/how-to/manage-costs
    private static bool IsCharged(ReadOnlyMemory<byte> body) =>
        ErrorIn(body, static error => OpenAIError.TextOf(error, "code") is "content_filter" or "context_length_exceeded")
        // Of an embedding or a completion it says so in words only, its code is null: https://github.com/microsoft/PubSec-Info-Assistant/issues/755
        || Says(body, "This model's maximum context length is ");

    private static bool Says(ReadOnlyMemory<byte> body, string beginning) =>
        ErrorIn(body, error => OpenAIError.TextOf(error, "message")?.StartsWith(beginning, StringComparison.Ordinal) == true);

    private static bool ErrorIn(ReadOnlyMemory<byte> body, Func<JsonElement, bool> isSo)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object && isSo(error);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or half a surrogate pair, which is no text.
            return false;
        }
    }
}
