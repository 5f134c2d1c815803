namespace OpenAIProxy.Domain.Sizing;

/// <summary>What of an image in a request decides its tokens.</summary>
/// <param name="Width">In pixels; 0 where it is not known, as with images that stand behind an address.</param>
/// <param name="Height">In pixels; 0 where it is not known.</param>
public readonly record struct ImageSize(ImageDetail Detail, int Width = 0, int Height = 0)
{
    public bool IsKnown => Width > 0 && Height > 0;
}
