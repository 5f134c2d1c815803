using System.Text.Json;
using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>The fields of a model as each API writes one in its lists. Times are zero: the catalogue does not say when a model was made.</summary>
internal static class ModelShapes
{
    public static void OpenAI(Utf8JsonWriter json, string name)
    {
        json.WriteString("id", name);
        json.WriteString("object", "model");
        json.WriteNumber("created", 0);
        json.WriteString("owned_by", "azure-openai");
    }

    public static void AzureModel(Utf8JsonWriter json, string name, Model model)
    {
        json.WriteString("id", name);
        json.WriteString("object", "model");
        json.WriteString("status", "succeeded");
        json.WriteStartObject("capabilities");
        json.WriteBoolean("fine_tune", false);
        json.WriteBoolean("inference", true);
        json.WriteBoolean("completion", model.Supports(Operation.Completions));
        json.WriteBoolean("chat_completion", model.Supports(Operation.ChatCompletions));
        json.WriteBoolean("embeddings", model.Supports(Operation.Embeddings));
        json.WriteEndObject();
        json.WriteString("lifecycle_status", "generally-available");
        json.WriteNumber("created_at", 0);
    }

    public static void AzureDeployment(Utf8JsonWriter json, string name, Model model)
    {
        json.WriteString("id", name);
        json.WriteString("object", "deployment");
        json.WriteString("model", model.Name);
        json.WriteString("owner", "organization-owner");
        json.WriteString("status", "succeeded");
        json.WriteStartObject("scale_settings");
        json.WriteString("scale_type", "standard");
        json.WriteEndObject();
        json.WriteNumber("created_at", 0);
        json.WriteNumber("updated_at", 0);
    }
}
