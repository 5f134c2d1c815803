using System.Text.Json;
using OpenAIProxy.Simulator.Catalog;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>The two lists that a resource shows: the models of the catalogue, and, in the oldest versions, its deployments.</summary>
internal static class Listings
{
    private const long CreatedAt = 1_715_644_800;

    /// <returns>Null if there is no such listing.</returns>
    public static byte[]? Write(string listing, DeploymentCatalog deployments, ApiVersion version)
    {
        using var stream = new MemoryStream();
        using var json = new Utf8JsonWriter(stream);
        Action<Utf8JsonWriter, Model> writeModel = version == ApiVersion.Newest ? WriteModelOfV1 : WriteModel;
        if (listing == "models")
            WriteList(json, KnownModels.All, writeModel);
        else if (listing == "deployments" && !version.IsSince("2023-05-01"))
            WriteList(json, deployments.All, WriteDeployment);
        else if (listing.StartsWith("models/", StringComparison.Ordinal) && KnownModels.Find(listing["models/".Length..]) is { } model)
            writeModel(json, model);
        else
            return null;
        json.Flush();
        return stream.ToArray();
    }

    private static void WriteList<T>(Utf8JsonWriter json, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
        json.WriteString("object"u8, "list");
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, Model model)
    {
        json.WriteStartObject();
        json.WriteStartObject("capabilities"u8);
        json.WriteBoolean("fine_tune"u8, false);
        json.WriteBoolean("inference"u8, true);
        json.WriteBoolean("completion"u8, model.Kind == ModelKind.Completions);
        json.WriteBoolean("chat_completion"u8, model.Kind is ModelKind.Chat or ModelKind.Reasoning);
        json.WriteBoolean("embeddings"u8, model.Kind == ModelKind.Embeddings);
        json.WriteEndObject();
        json.WriteString("lifecycle_status"u8, "generally-available");
        json.WriteStartObject("deprecation"u8);
        json.WriteNumber("inference"u8, CreatedAt + 94_608_000);
        json.WriteEndObject();
        json.WriteString("id"u8, model.Name);
        json.WriteString("status"u8, "succeeded");
        json.WriteNumber("created_at"u8, CreatedAt);
        json.WriteString("object"u8, "model");
        json.WriteEndObject();
    }

    // The v1 surface has taken over OpenAI's shape.
    private static void WriteModelOfV1(Utf8JsonWriter json, Model model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Name);
        json.WriteNumber("created"u8, CreatedAt);
        json.WriteString("object"u8, "model");
        json.WriteString("owned_by"u8, "openai");
        json.WriteEndObject();
    }

    private static void WriteDeployment(Utf8JsonWriter json, Deployment deployment)
    {
        json.WriteStartObject();
        json.WriteStartObject("scale_settings"u8);
        json.WriteString("scale_type"u8, "standard");
        json.WriteEndObject();
        json.WriteString("model"u8, deployment.Model.Name);
        json.WriteString("owner"u8, "organization-owner");
        json.WriteString("id"u8, deployment.Name);
        json.WriteString("status"u8, "succeeded");
        json.WriteNumber("created_at"u8, CreatedAt);
        json.WriteNumber("updated_at"u8, CreatedAt);
        json.WriteString("object"u8, "deployment");
        json.WriteEndObject();
    }
}
