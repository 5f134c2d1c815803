namespace OpenAIProxy.Domain.Sizing;

/// <summary>How a model counts the tokens of an image, by the documentation: it is no promise, so bounds add a margin.</summary>
internal abstract record ImageRule
{
    private ImageRule()
    {
    }

    /// <summary>How many tokens are charged for one that an image takes of the context window, rounded up.</summary>
    public virtual long PerWindowToken => 1;

    /// <returns>For a size that is not known, what the largest image costs.</returns>
    public abstract long TokensOf(ImageSize image);

    /// <summary>
    /// The image is made to fit into 2,048 × 2,048, then its shorter side into 768, and the squares of 512 are counted. It is made
    /// smaller only, never larger: 2,050 × 513 was charged as 4 tiles, 2,049 × 513 as 8.
    /// </summary>
    /// <param name="Base">For each image; all that one with low detail costs.</param>
    public sealed record Tiles(long Base, long PerTile) : ImageRule
    {
        // 2,048 × 768: four by two.
        private const long Most = 8;

        // What a tile takes of the window of every model that counts in tiles; most charge that.
        private const long OfWindow = 170;

        public override long PerWindowToken => Over(PerTile, OfWindow);

        public override long TokensOf(ImageSize image) => image switch
        {
            { Detail: ImageDetail.Low } => Base,
            { IsKnown: false } => Base + Most * PerTile,
            _ => Base + PerTile * Count(Math.Max(image.Width, image.Height), Math.Min(image.Width, image.Height)),
        };

        // Fractions are rounded up: a pixel more than the backend's own rounding makes a tile too many at worst.
        private static long Count(long longer, long shorter)
        {
            if (longer > 2_048)
                (longer, shorter) = (2_048, Over(shorter * 2_048, longer));
            if (shorter > 768)
                (longer, shorter) = (Over(longer * 768, shorter), 768);
            return Over(longer, 512) * Over(shorter, 512);
        }
    }

    /// <summary>Squares of 32 are counted, at most 1,536 of them, as larger images are made smaller until they fit. Detail makes no difference.</summary>
    /// <param name="Hundredths">Tokens for a hundred squares.</param>
    public sealed record Patches(long Hundredths) : ImageRule
    {
        private const long Most = 1_536;

        public override long TokensOf(ImageSize image) =>
            Over(Hundredths * (image.IsKnown ? Math.Min(Over(image.Width, 32) * Over(image.Height, 32), Most) : Most), 100);
    }

    private static long Over(long a, long b) => (a + b - 1) / b;
}
