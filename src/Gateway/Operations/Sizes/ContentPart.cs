using System.Text.Json;
using OpenAIProxy.Domain.Sizing;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>A part of a message's content: text, an image, sound; anything else may be of any size.</summary>
internal static class ContentPart
{
    private enum Kind
    {
        None,
        Text,
        Image,
        Other,
    }

    public static void Read(ref JsonReader reader, ref SizeCounter size)
    {
        var kind = Kind.None;
        var hasImage = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                // Of two types, the one that says less of the size.
                kind = (Kind)Math.Max((int)kind, (int)KindOf(ref reader));
                reader.Skip();
            }
            else if (reader.ValueTextEquals("image_url"u8))
            {
                reader.Read();
                ReadImage(ref reader, ref size);
                hasImage = true;
            }
            else if (reader.ValueTextEquals("input_audio"u8))
            {
                // How long it sounds its bytes do not say. Its tokens have a price of their own.
                size.IsOpaque = true;
                size.Unpriced ??= "input_audio";
                reader.Skip();
            }
            else
            {
                size.HasFile |= reader.ValueTextEquals("file"u8);
                ReadText(ref reader, ref size);
            }
        }
        if (kind == Kind.Image && !hasImage)
            size.AddImage(new ImageSize(ImageDetail.Auto));
        size.HasFile |= kind is Kind.None or Kind.Other;
        size.IsOpaque |= size.HasFile;
    }

    private static void ReadText(ref JsonReader reader, ref SizeCounter size)
    {
        if (!reader.ValueTextEquals("text"u8) && !reader.ValueTextEquals("refusal"u8))
        {
            size.AddField(ref reader);
            return;
        }
        reader.Read();
        size.AddText(ref reader);
    }

    // With an escape in it a type is not compared, as half a surrogate pair could not be: it is one that is not known.
    private static Kind KindOf(ref JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
            return Kind.Other;
        if (reader.ValueTextEquals("image_url"u8))
            return Kind.Image;
        return reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("refusal"u8) || reader.ValueTextEquals("input_audio"u8) ? Kind.Text : Kind.Other;
    }

    private static void ReadImage(ref JsonReader reader, ref SizeCounter size)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            size.AddImage(ImageAt(ref reader, ref size));
            return;
        }
        ImageSize? image = null;
        ImageDetail? detail = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("url"u8))
            {
                if (image is { } earlier)
                    size.AddImage(earlier);
                reader.Read();
                image = ImageAt(ref reader, ref size);
            }
            else if (reader.ValueTextEquals("detail"u8))
            {
                reader.Read();
                detail = DetailOf(ref reader) is var said && (detail ?? said) == said ? said : ImageDetail.Auto;
                reader.Skip();
            }
            else
            {
                size.AddField(ref reader);
            }
        }
        size.AddImage((image ?? default) with { Detail = detail ?? ImageDetail.Auto });
    }

    private static ImageSize ImageAt(ref JsonReader reader, ref SizeCounter size)
    {
        if (reader.TokenType == JsonTokenType.String)
            return size.TakesImages ? ImageUrl.SizeOf(reader.ValueSpan) : default;
        size.AddText(ref reader);
        return default;
    }

    private static ImageDetail DetailOf(ref JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
            return ImageDetail.Auto;
        if (reader.ValueTextEquals("low"u8))
            return ImageDetail.Low;
        return reader.ValueTextEquals("high"u8) ? ImageDetail.High : ImageDetail.Auto;
    }
}
