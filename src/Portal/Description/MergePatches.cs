using Microsoft.OpenApi;

namespace OpenAIProxy.Portal.Description;

/// <summary>What a change takes, in the description of the API: to a handler it is any JSON, because only that tells what is absent from what is null.</summary>
internal static class MergePatches
{
    private const string Absent = "What is absent stays as it is; null clears what may be null.";

    /// <summary>Describes the body of the path's PATCH as the thing of which everything may be absent.</summary>
    /// <param name="whole">The name of the schema by which such a thing is made.</param>
    /// <param name="kept">Fields of it that a change does not take.</param>
    public static void Describe(OpenApiDocument api, string path, string whole, params string[] kept)
    {
        var patch = Reference(api, whole, kept);
        foreach (var body in api.Paths[path].Operations![HttpMethod.Patch].RequestBody!.Content!.Values)
            body.Schema = patch;
    }

    private static OpenApiSchemaReference Reference(OpenApiDocument api, string whole, params string[] kept)
    {
        var schema = api.Components!.Schemas![whole];
        var name = whole.Replace("New", "", StringComparison.Ordinal).Replace("Body", "", StringComparison.Ordinal).Replace("Definition", "", StringComparison.Ordinal) + "Patch";
        api.AddComponent(name, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = Absent,
            Properties = schema.Properties!.Where(p => !kept.Contains(p.Key)).ToDictionary(p => p.Key, p => Part(api, p.Value)),
            AdditionalPropertiesAllowed = false,
        });
        return new OpenApiSchemaReference(name, api);
    }

    // Of an object, too, only what is given changes.
    private static IOpenApiSchema Part(OpenApiDocument api, IOpenApiSchema part)
    {
        if (part is OpenApiSchemaReference { Properties.Count: > 0, Reference.Id: { } id })
        {
            var reference = Reference(api, id);
            reference.Description = part.Description;
            return reference;
        }
        var copy = part.CreateShallowCopy();
        if (copy is not OpenApiSchema own)
            return copy;
        own.OneOf = part.OneOf?.Select(one => Part(api, one)).ToList();
        // What a map has under a name is taken out by null.
        if (own.AdditionalProperties?.CreateShallowCopy() is OpenApiSchema value)
        {
            value.Type |= JsonSchemaType.Null;
            own.AdditionalProperties = value;
        }
        return own;
    }
}
