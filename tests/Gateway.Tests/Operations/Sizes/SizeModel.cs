using System.Text;
using System.Text.Json;
using OpenAIProxy.Domain.Sizing;

namespace OpenAIProxy.Gateway.Tests.Operations.Sizes;

/// <summary>The size of a chat as a parsed document shows it: straightforward, and sharing no line with the scanner.</summary>
internal sealed class SizeModel
{
    private readonly List<ImageSize> images = [];
    private long bytes;
    private long nonAscii;
    private long messages;
    private long parts;
    private long names;
    private bool hasFile;
    private bool isOpaque;

    /// <summary>UTF-8 of the texts as they are once decoded.</summary>
    public long DecodedBytes { get; private set; }

    /// <param name="sizes">How large the image at an address is.</param>
    public static (RequestSize Size, long DecodedBytes) Of(string body, IReadOnlyDictionary<string, ImageSize> sizes)
    {
        var model = new SizeModel();
        using var document = JsonDocument.Parse(body);
        var tools = document.RootElement.EnumerateObject().Where(f => f.Name is "tools" or "functions").Select(f => f.Value).Where(v => v.GetArrayLength() > 0).ToArray();
        foreach (var field in document.RootElement.EnumerateObject())
            if (field.Name == "messages")
                model.AddMessages(field.Value, sizes);
            else if (field.Name is not ("tools" or "functions") && field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Array)
                model.AddText(field.Value);
        return (new RequestSize
        {
            TextBytes = model.bytes,
            NonAsciiBytes = model.nonAscii,
            Messages = model.messages,
            Parts = model.parts,
            Names = model.names,
            Tools = tools.Sum(t => t.GetArrayLength()),
            ToolBytes = tools.Sum(t => Encoding.UTF8.GetByteCount(t.GetRawText())),
            Images = model.images,
            HasFile = model.hasFile,
            IsOpaque = model.isOpaque,
        }, model.DecodedBytes);
    }

    private void AddMessages(JsonElement list, IReadOnlyDictionary<string, ImageSize> sizes)
    {
        foreach (var message in list.EnumerateArray())
        {
            messages++;
            foreach (var field in message.EnumerateObject())
            {
                if (field.Name == "name")
                    names++;
                if (field.Name == "content" && field.Value.ValueKind == JsonValueKind.Array)
                    foreach (var part in field.Value.EnumerateArray())
                        AddPart(part, sizes);
                else if (field.Name.StartsWith("unknown", StringComparison.Ordinal))
                    AddUnknown(field);
                else
                    AddText(field.Value);
            }
        }
    }

    private void AddPart(JsonElement part, IReadOnlyDictionary<string, ImageSize> sizes)
    {
        parts++;
        var type = part.GetProperty("type").GetString()!;
        hasFile |= type is not ("text" or "refusal" or "image_url" or "input_audio");
        isOpaque |= hasFile || type == "input_audio";
        foreach (var field in part.EnumerateObject())
        {
            if (field.Name == "image_url")
            {
                var detail = field.Value.TryGetProperty("detail", out var said) ? said.GetString() : null;
                var known = sizes.TryGetValue(field.Value.GetProperty("url").GetString()!, out var size) ? size : default;
                images.Add(new ImageSize(detail switch { "low" => ImageDetail.Low, "high" => ImageDetail.High, _ => ImageDetail.Auto }, known.Width, known.Height));
            }
            else if (field.Name is "text" or "refusal")
            {
                AddText(field.Value);
            }
            else if (field.Name is not ("type" or "input_audio"))
            {
                AddUnknown(field);
            }
        }
    }

    private void AddUnknown(JsonProperty field)
    {
        bytes += field.Name.Length;
        AddText(field.Value);
    }

    private void AddText(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return;
        var raw = value.GetRawText();
        if (value.ValueKind == JsonValueKind.String)
        {
            raw = raw[1..^1];
            DecodedBytes += Encoding.UTF8.GetByteCount(value.GetString()!);
        }
        bytes += Encoding.UTF8.GetByteCount(raw);
        nonAscii += Encoding.UTF8.GetBytes(raw).Count(b => b > 0x7F);
    }
}
