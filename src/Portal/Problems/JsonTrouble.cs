using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Storage.Audit;

namespace OpenAIProxy.Portal.Problems;

/// <summary>Says what is wrong with a JSON body in words that do not name our types.</summary>
internal static partial class JsonTrouble
{
    public const string NoObject = "Send a JSON object as the body.";

    private static readonly Assembly[] OurWords = [typeof(EventState).Assembly, typeof(AuditKind).Assembly];

    /// <summary>The path of the field, such as <c>organiser.name</c>, or <c>body</c>.</summary>
    public static string Field(JsonException e) => e.Path is { Length: > 2 } path && !IsBroken(e) ? path[2..] : "body";

    public static string Sentence(JsonException e)
    {
        if (e is UnfitValueException unfit)
            return unfit.Takes;
        if (e.Message.Contains("missing required properties", StringComparison.Ordinal))
            return "The body lacks " + e.Message[(e.Message.LastIndexOf(':') + 1)..].Trim().TrimEnd('.') + ".";
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return "There is no such field; the OpenAPI document at /openapi/v1.json lists those there are.";
        if (e.Message.Contains("Duplicate property", StringComparison.Ordinal))
            return "The field is there twice.";
        if (WordsMeant(e.Message) is { } words)
            return $"It takes {words}.";
        if (IsBroken(e))
            return "The body is not valid JSON.";
        return e.Path is { Length: > 2 } ? "The value has the wrong type." : NoObject;
    }

    // What the reader of JSON itself stumbled over; else it is a value that fits no field.
    private static bool IsBroken(JsonException e) => e.InnerException is JsonException;

    // "The JSON value could not be converted to NAME. Path: …", where the name may be within System.Nullable`1[NAME].
    private static string? WordsMeant(string message)
    {
        var name = Converted().Match(message).Groups["words"];
        return name.Success && OurWords.Select(assembly => assembly.GetType(name.Value)).FirstOrDefault(type => type?.IsEnum == true) is { } words ? Words.Of(words) : null;
    }

    [GeneratedRegex(@"could not be converted to (?:System\.Nullable`1\[)?(?<words>OpenAIProxy\.[\w.]+\w)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Converted();
}
