using System.Text.Json;
using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations.Chat;

internal sealed record Tool(string Name, JsonElement? Parameters);

/// <summary>The tools or functions on offer, and which of them an answer calls.</summary>
/// <param name="AreFunctions">The old fields <c>functions</c> and <c>function_call</c>.</param>
/// <param name="IsNamed">The caller has named the one to call.</param>
/// <param name="PromptTokens">What their descriptions count.</param>
internal sealed record Tools(IReadOnlyList<Tool> Called, bool AreFunctions, bool IsNamed, int PromptTokens)
{
    // Undocumented; about what the live service adds to carry a list of tools.
    private const int PerList = 8;
    private static readonly Tools None = new([], false, false, 0);

    public static Tools Read(Arguments arguments, Messages messages)
    {
        if (arguments.Array("tools") is { } tools)
            return Choose(tools, "function", "tool_choice", arguments, messages);
        if (arguments.Array("functions") is { } functions)
            return Choose(functions, null, "function_call", arguments, messages);
        return arguments.Any("tool_choice") is null ? None : throw new RefusedException(OpenAIProblems.Invalid(
            "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", "tool_choice", null));
    }

    private static Tools Choose(JsonElement list, string? inner, string choiceName, Arguments arguments, Messages messages)
    {
        var name = inner is null ? "functions" : "tools";
        if (list.GetArrayLength() == 0)
            throw new RefusedException(OpenAIProblems.EmptyArray(name));
        var all = list.EnumerateArray().Select((tool, index) => ReadTool(tool, inner, $"{name}[{index}]")).ToList();
        var called = ToolsToCall(all, arguments.Any(choiceName), choiceName, messages, out var isNamed);
        if (called.Count > 1 && (inner is null || arguments.Any("parallel_tool_calls") is { ValueKind: JsonValueKind.False }))
            called = [called[0]];
        return new(called, inner is null, isNamed, PerList + Tokenizer.Count(list.GetRawText()));
    }

    private static Tool ReadTool(JsonElement tool, string? inner, string at)
    {
        var function = tool;
        if (inner is not null && (tool.ValueKind != JsonValueKind.Object || !tool.TryGetProperty(inner, out function)))
            throw new RefusedException(OpenAIProblems.Missing($"{at}.{inner}"));
        var path = inner is null ? at : $"{at}.{inner}";
        if (function.ValueKind != JsonValueKind.Object || !function.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
            throw new RefusedException(OpenAIProblems.Missing(path + ".name"));
        return new(name.GetString()!, function.TryGetProperty("parameters", out var parameters) ? parameters : null);
    }

    private static List<Tool> ToolsToCall(List<Tool> all, JsonElement? choice, string choiceName, Messages messages, out bool isNamed)
    {
        isNamed = choice?.ValueKind == JsonValueKind.Object;
        if (isNamed)
        {
            var named = choice!.Value.TryGetProperty("function", out var function) ? function : choice.Value;
            var name = named.ValueKind == JsonValueKind.Object && named.TryGetProperty("name", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
            return all.Find(tool => tool.Name == name) is { } found ? [found] : throw new RefusedException(OpenAIProblems.Invalid(
                $"Invalid value for '{choiceName}': the function '{name}' is not among those given.", choiceName, null));
        }

        var mentioned = all.FindAll(tool => messages.Question.Contains(tool.Name, StringComparison.OrdinalIgnoreCase));
        return (choice is { ValueKind: JsonValueKind.String } word ? word.GetString() : "auto") switch
        {
            "none" => [],
            "required" => mentioned.Count > 0 ? mentioned : [all[0]],
            // With the result of a call at hand the model answers instead of calling again.
            _ => messages.EndsWithToolResult ? [] : mentioned,
        };
    }
}
