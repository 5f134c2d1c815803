using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OpenAIProxy.Portal.Problems;

/// <summary>Refuses <c>[null]</c> where a list of things is meant: the serializer looks at nulls in fields only.</summary>
internal static class NoNullsInLists
{
    public static void Modify(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        foreach (var field in type.Properties)
            if (field.Get is { } get && field.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(field.PropertyType) && !IsMap(field.PropertyType))
                type.OnDeserialized += value => Check((IEnumerable?)get(value), field.Name);
    }

    private static void Check(IEnumerable? list, string name)
    {
        foreach (var item in list ?? Array.Empty<object>())
            if (item is null)
                throw new JsonException("null stands in a list.", $"$.{name}", null, null);
    }

    private static bool IsMap(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);
}
