using System.Text.Json;
using OpenAIProxy.Simulator.Errors;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>Reads <c>response_format</c>.</summary>
internal static class ResponseFormat
{
    // Some members, so that an answer of any JSON is not empty.
    private static readonly JsonElement AnyObject = JsonDocument.Parse(
        """{"type":"object","properties":{"title":{"type":"string"},"answer":{"type":"string"},"items":{"type":"array","items":{"type":"string"}},"score":{"type":"integer"}}}""").RootElement;

    /// <returns>The schema to write by, or null for plain text.</returns>
    public static JsonElement? Read(Arguments arguments, Messages messages)
    {
        if (arguments.Object("response_format") is not { } format)
            return null;
        var type = new Arguments(format).Text("type") ?? throw new RefusedException(OpenAIProblems.Missing("response_format.type"));
        return type switch
        {
            "text" => null,
            "json_object" when messages.Text.Contains("json", StringComparison.OrdinalIgnoreCase) => AnyObject,
            "json_object" => throw new RefusedException(OpenAIProblems.Invalid(
                "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages", null)),
            "json_schema" => Schema(format),
            _ => throw new RefusedException(OpenAIProblems.InvalidValue("response_format.type", type, "'json_object', 'json_schema', and 'text'")),
        };
    }

    private static JsonElement Schema(JsonElement format)
    {
        if (!format.TryGetProperty("json_schema", out var named) || named.ValueKind != JsonValueKind.Object)
            throw new RefusedException(OpenAIProblems.Missing("response_format.json_schema"));
        if (!named.TryGetProperty("name", out _))
            throw new RefusedException(OpenAIProblems.Missing("response_format.json_schema.name"));
        return named.TryGetProperty("schema", out var schema) ? schema : AnyObject;
    }
}
