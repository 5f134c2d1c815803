using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Portal.Versions;

/// <summary>RFC 7396: a field that is absent stays as it is, null clears it, an object is merged, anything else replaces.</summary>
internal static class MergePatch
{
    /// <exception cref="BadHttpRequestException">The outcome is not a <typeparamref name="T"/>: so the framework says it of a body that it reads itself.</exception>
    /// <exception cref="ChangeRefusedException">The patch is no object, or a text in it is none.</exception>
    public static T Apply<T>(T current, JsonElement patch, JsonSerializerOptions options)
    {
        if (patch.ValueKind != JsonValueKind.Object)
            throw new ChangeRefusedException("body", "send a JSON object with the fields to change.");
        var target = JsonSerializer.SerializeToNode(current, options)!.AsObject();
        Merge(target, patch);
        return Read<T>(Written(target), options);
    }

    private static void Merge(JsonObject target, JsonElement patch)
    {
        foreach (var field in patch.EnumerateObject())
            if (field.Value.ValueKind == JsonValueKind.Object && target[field.Name] is JsonObject inner)
                Merge(inner, field.Value);
            else
                target[field.Name] = JsonNode.Parse(field.Value.GetRawText());
    }

    private static T Read<T>(byte[] merged, JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(merged, options)!;
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException(e.Message, e);
        }
    }

    // A text is not looked at before this: "\ud800" is JSON, and half of a character.
    private static byte[] Written(JsonObject target)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(target);
        }
        catch (JsonException)
        {
            throw new ChangeRefusedException("body", "a text in it has half of a character: \\ud800 to \\udfff come in pairs.");
        }
    }
}
