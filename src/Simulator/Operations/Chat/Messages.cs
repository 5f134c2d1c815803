using System.Text;
using System.Text.Json;
using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>A conversation: its text, its last question, and what it counts.</summary>
/// <param name="Tokens">3 a message, 1 a name, 3 to prime the answer, and the texts.</param>
internal sealed record Messages(string Text, string Question, int Tokens, bool EndsWithToolResult)
{
    private const int PerMessage = 3;
    private const int PerName = 1;
    private const int ToPrime = 3;
    private static readonly string[] Roles = ["system", "assistant", "user", "function", "tool", "developer"];

    public static Messages Read(JsonElement messages, Model model)
    {
        if (messages.GetArrayLength() == 0)
            throw new RefusedException(OpenAIProblems.EmptyArray("messages"));
        var text = new StringBuilder();
        var question = "";
        var role = "";
        var tokens = ToPrime;
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var at = $"messages[{index++}]";
            if (message.ValueKind != JsonValueKind.Object)
                throw new RefusedException(OpenAIProblems.WrongType(at, "an object", message));
            role = Role(message, at);
            var content = new StringBuilder();
            tokens += PerMessage + Tokenizer.Count(role) + Content(message, at, content, model) + Name(message) + Calls(message);
            text.Append(role).Append('\n').Append(content).Append('\n');
            if (role == "user")
                question = content.ToString();
        }

        return new(text.ToString(), question, tokens, role is "tool" or "function");
    }

    private static string Role(JsonElement message, string at)
    {
        if (!message.TryGetProperty("role", out var role) || role.ValueKind == JsonValueKind.Null)
            throw new RefusedException(OpenAIProblems.Missing(at + ".role"));
        if (role.ValueKind != JsonValueKind.String)
            throw new RefusedException(OpenAIProblems.WrongType(at + ".role", "a string", role));
        var name = role.GetString()!;
        return Roles.Contains(name) ? name : throw new RefusedException(OpenAIProblems.InvalidValue(
            at + ".role", name, "'system', 'assistant', 'user', 'function', 'tool', and 'developer'"));
    }

    private static int Content(JsonElement message, string at, StringBuilder text, Model model)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            // An assistant that called a tool has said nothing.
            return message.TryGetProperty("tool_calls", out _) || message.TryGetProperty("function_call", out _)
                ? 0
                : throw new RefusedException(OpenAIProblems.Missing(at + ".content"));
        }

        if (content.ValueKind == JsonValueKind.String)
            return Append(text, content.GetString()!);
        if (content.ValueKind != JsonValueKind.Array)
            throw new RefusedException(OpenAIProblems.WrongType(at + ".content", "one of a string or array of objects", content));
        return content.EnumerateArray().Sum(part => Part(part, text, model));
    }

    private static int Part(JsonElement part, StringBuilder text, Model model)
    {
        if (part.ValueKind != JsonValueKind.Object)
            return 0;
        if (part.TryGetProperty("image_url", out var image))
            return ImageTokens(image, model);
        var word = part.TryGetProperty("text", out var said) ? said : part.TryGetProperty("refusal", out var refused) ? refused : default;
        return word.ValueKind == JsonValueKind.String ? Append(text, word.GetString()!) : 0;
    }

    // A picture is not looked at: low detail is a flat price, anything else counts as 1024 x 1024, four tiles.
    private static int ImageTokens(JsonElement image, Model model)
    {
        var isLow = image.ValueKind == JsonValueKind.Object && image.TryGetProperty("detail", out var detail)
            && detail.ValueKind == JsonValueKind.String && detail.GetString() == "low";
        var (once, tile) = model.Name == "gpt-4o-mini" ? (2_833, 5_667) : (85, 170);
        return isLow ? once : once + 4 * tile;
    }

    private static int Append(StringBuilder text, string said)
    {
        text.Append(said);
        return Tokenizer.Count(said);
    }

    private static int Name(JsonElement message) =>
        message.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? PerName + Tokenizer.Count(name.GetString()) : 0;

    private static int Calls(JsonElement message) =>
        (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array ? Tokenizer.Count(calls.GetRawText()) : 0)
        + (message.TryGetProperty("function_call", out var call) && call.ValueKind == JsonValueKind.Object ? Tokenizer.Count(call.GetRawText()) : 0);
}
