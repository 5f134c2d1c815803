using System.Text.Json;
using OpenAIProxy.Domain.Sizing;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>
/// Counts what decides a request's input tokens while its body is read. Whatever stands there twice is counted twice: which one
/// the backend takes is not known, and neither may be free.
/// </summary>
internal ref struct SizeCounter(ReadOnlySpan<byte> body, bool isAscii)
{
    /// <summary>So many images are looked at; further ones are taken for the dearest. Azure takes 50: https://learn.microsoft.com/azure/ai-foundry/openai/how-to/gpt-with-vision.</summary>
    public const int MaxImages = 1_000;

    private readonly ReadOnlySpan<byte> body = body;
    private List<ImageSize>? images;
    private long textBytes;
    private long nonAsciiBytes;
    private long predictionBytes;
    private long predictionNonAsciiBytes;
    private long moreImages;

    public long Messages;
    public long Parts;
    public long Names;
    public long Prompts;
    public long TokenNumbers;
    public long Tools;
    public long ToolBytes;
    public bool IsOpaque;
    public bool HasFile;
    public bool SearchesData;

    /// <summary>The first field whose price is not that of the model's tokens; null where there is none.</summary>
    public string? Unpriced;

    public readonly bool TakesImages => (images?.Count ?? 0) < MaxImages;

    public readonly RequestSize Size => new()
    {
        TextBytes = textBytes,
        NonAsciiBytes = nonAsciiBytes,
        PredictionBytes = predictionBytes,
        PredictionNonAsciiBytes = predictionNonAsciiBytes,
        TokenNumbers = TokenNumbers,
        Messages = Messages,
        Parts = Parts,
        Names = Names,
        Prompts = Prompts,
        Tools = Tools,
        ToolBytes = ToolBytes,
        Images = images ?? (IReadOnlyList<ImageSize>)[],
        MoreImages = moreImages,
        IsOpaque = IsOpaque,
        HasFile = HasFile,
        SearchesData = SearchesData,
    };

    /// <summary>Of a string what stands between its quotes, of anything else its JSON; null is as good as absent.</summary>
    public void AddText(ref JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (reader.TokenType == JsonTokenType.String)
        {
            AddText(reader.ValueSpan);
            return;
        }
        var start = reader.TokenStart;
        reader.Skip();
        AddText(body[start..reader.Consumed]);
    }

    /// <summary>A field that is not known, from its name on: a model may read it.</summary>
    public void AddField(ref JsonReader reader)
    {
        AddText(reader.ValueSpan);
        reader.Read();
        AddText(ref reader);
    }

    public void AddPrediction(ref JsonReader reader)
    {
        var start = reader.TokenStart;
        reader.Skip();
        var text = body[start..reader.Consumed];
        predictionBytes += text.Length;
        if (!isAscii)
            predictionNonAsciiBytes += NonAscii.Count(text);
    }

    public void AddImage(ImageSize image)
    {
        if (TakesImages)
            (images ??= []).Add(image);
        else
            moreImages++;
    }

    private void AddText(ReadOnlySpan<byte> text)
    {
        textBytes += text.Length;
        if (!isAscii)
            nonAsciiBytes += NonAscii.Count(text);
    }
}
