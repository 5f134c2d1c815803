using OpenAIProxy.Domain.Sizing;

namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>The address of an image, which may be the image itself.</summary>
internal static class ImageUrl
{
    // data:image/jpeg;base64, is 23 characters; parameters are allowed, but nobody has many.
    private const int MaxHeader = 256;

    /// <param name="url">As it stands in the JSON, escapes and all: PHP writes <c>/</c> and .NET <c>+</c> with one.</param>
    /// <returns>Unknown for what stands elsewhere, and for what cannot be read: that is taken for the dearest.</returns>
    public static ImageSize SizeOf(ReadOnlySpan<byte> url)
    {
        if (!url.StartsWith("data:"u8))
            return default;
        var comma = url[..Math.Min(url.Length, MaxHeader)].IndexOf((byte)',');
        if (comma < 0 || !url[..comma].EndsWith(";base64"u8))
            return default;
        var (width, height) = ImageHeader.Read(url[(comma + 1)..]);
        return new ImageSize(ImageDetail.Auto, width, height);
    }
}
