using System.Text.Json;

namespace OpenAIProxy.Simulator.Errors;

/// <summary>What the model behind Azure says, in OpenAI's shape: message, type, param, code.</summary>
internal static class OpenAIProblems
{
    public static readonly Problem NotJson = Invalid(
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)",
        null, null);

    // After it has thought, and as Azure has said it of gpt-5: https://github.com/openai/openai-python/issues/2886, https://github.com/steipete/CodexBar/issues/2867
    public static readonly Problem Unfinished = Invalid(
        "Could not finish the message because max_tokens or model output limit was reached. Please try again with higher max_tokens.", null, null);

    public static Problem Missing(string param) => Invalid($"Missing required parameter: '{param}'.", param, "missing_required_parameter");

    public static Problem Unrecognized(string param) => Invalid($"Unrecognized request argument supplied: {param}", null, null);

    public static Problem WrongType(string param, string expected, JsonElement got) =>
        Invalid($"Invalid type for '{param}': expected {expected}, but got {Name(got)} instead.", param, "invalid_type");

    public static Problem BelowMinimum(string param, string kind, string minimum, string got) =>
        Invalid($"Invalid '{param}': {kind} below minimum value. Expected a value >= {minimum}, but got {got} instead.", param, $"{kind}_below_min_value");

    public static Problem AboveMaximum(string param, string kind, string maximum, string got) =>
        Invalid($"Invalid '{param}': {kind} above maximum value. Expected a value <= {maximum}, but got {got} instead.", param, $"{kind}_above_max_value");

    public static Problem EmptyArray(string param) => Invalid(
        $"Invalid '{param}': empty array. Expected an array with minimum length 1, but got an empty array instead.", param, "empty_array");

    public static Problem ArrayTooLong(string param, int most, int got) => Invalid(
        $"Invalid '{param}': array too long. Expected an array with maximum length {most}, but got an array with length {got} instead.", param, "array_above_max_length");

    public static Problem InvalidValue(string param, string got, string supported) =>
        Invalid($"Invalid value: '{got}'. Supported values are: {supported}.", param, "invalid_value");

    public static Problem UnsupportedParameter(string param, string? instead = null) => Invalid(
        $"Unsupported parameter: '{param}' is not supported with this model.{(instead is null ? "" : $" Use '{instead}' instead.")}", param, "unsupported_parameter");

    public static Problem UnsupportedValue(string param, string got, string usual) => Invalid(
        $"Unsupported value: '{param}' does not support {got} with this model. Only the default ({usual}) value is supported.", param, "unsupported_value");

    public static Problem TooManyTokensAsked(string param, long asked, int most) => Invalid(
        $"{param} is too large: {asked}. This model supports at most {most} completion tokens, whereas you provided {asked}.", param, "invalid_value");

    public static Problem Invalid(string message, string? param, string? code)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, message);
            json.WriteString("type"u8, "invalid_request_error");
            json.WriteString("param"u8, param);
            json.WriteString("code"u8, code);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new(400, System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static string Name(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => element.TryGetInt64(out _) ? "an integer" : "a decimal number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };
}
