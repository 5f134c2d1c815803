using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using OpenAIProxy.Simulator.Faults;

namespace OpenAIProxy.Simulator.Operations.Embeddings;

internal static class EmbeddingsOperation
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    public static async Task AnswerAsync(Call call)
    {
        var request = EmbeddingsRequest.Read(call);
        call.Entry.PromptTokens = request.PromptTokens;
        await call.Outlet.OpenBodyAsync();
        await call.Pace.FirstTokenAsync(call.Cancellation);
        await call.Outlet.SendBodyAsync(Write(call, request));
    }

    private static ReadOnlyMemory<byte> Write(Call call, EmbeddingsRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(request.Dimensions * 8 * request.Inputs.Count);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("object"u8, "list");
        json.WriteStartArray("data"u8);
        for (var index = 0; index < request.Inputs.Count; index++)
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "embedding");
            json.WriteNumber("index"u8, index);
            json.WritePropertyName("embedding"u8);
            WriteVector(json, Vectors.Of(request.Inputs[index], request.Dimensions), request.IsBase64);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model"u8, call.Model.Answers);
        if (call.Outlet.FaultKind != FaultKind.NoUsage)
        {
            var tokens = call.Outlet.FaultKind == FaultKind.ZeroUsage ? 0 : request.PromptTokens;
            json.WriteStartObject("usage"u8);
            json.WriteNumber("prompt_tokens"u8, tokens);
            json.WriteNumber("total_tokens"u8, tokens);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteVector(Utf8JsonWriter json, float[] vector, bool isBase64)
    {
        if (isBase64)
        {
            var bytes = new byte[vector.Length * sizeof(float)];
            for (var i = 0; i < vector.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
            json.WriteBase64StringValue(bytes);
            return;
        }

        json.WriteStartArray();
        foreach (var value in vector)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
