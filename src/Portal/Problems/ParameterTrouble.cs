using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using OpenAIProxy.Portal.Lists;

namespace OpenAIProxy.Portal.Problems;

/// <summary>Says which value of a query could not be read: the framework that reads them answers 400 without a word.</summary>
internal static class ParameterTrouble
{
    /// <returns>A message by the parameter's name; none where it was not the query.</returns>
    public static Dictionary<string, string[]> Find(HttpContext context)
    {
        var found = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var parameter in context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
            if (context.Request.Query.TryGetValue(parameter.Name, out var values) && Trouble(TypeOf(parameter), [.. values]) is { } trouble)
                found[JsonNamingPolicy.CamelCase.ConvertName(parameter.Name)] = [trouble];
        return found;
    }

    private static Type TypeOf(IParameterBindingMetadata parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType;

    private static string? Trouble(Type type, string?[] values)
    {
        if (Reading(type) is not var (fits, takes))
            return null;
        if (values.Length > 1)
            return "It takes one value.";
        return string.IsNullOrEmpty(values[0]) || fits(values[0]!) ? null : $"It takes {takes}.";
    }

    private static (Func<string, bool> Fits, string Takes)? Reading(Type type)
    {
        if (type == typeof(int))
            return (text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _), "a whole number");
        if (type == typeof(long))
            return (text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _), "a whole number");
        if (type == typeof(bool))
            return (text => bool.TryParse(text, out _), "true or false");
        if (type == typeof(Moment))
            return (text => Moment.TryParse(text, null, out _), Moment.Form);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Word<>))
            return (text => Words.Fit(type.GenericTypeArguments[0], text), Words.Of(type.GenericTypeArguments[0]));
        return null;
    }
}
