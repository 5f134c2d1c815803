using OpenAIProxy.Domain.Sizing;
using OpenAIProxy.Gateway.Operations;

namespace OpenAIProxy.Gateway.Tests.Operations.Sizes;

public sealed class ImageSizeTests
{
    private static readonly ImageSize Unknown = new(ImageDetail.Auto);

    public static TheoryData<string, byte[], int, int> Files => new()
    {
        { "png", ImageFiles.Png(1_024, 768), 1_024, 768 },
        { "png as large as can be", ImageFiles.Png(int.MaxValue, int.MaxValue), int.MaxValue, int.MaxValue },
        { "jpeg", ImageFiles.Jpeg(640, 480), 640, 480 },
        { "progressive jpeg", ImageFiles.Jpeg(4_000, 3_000, frame: 0xC2), 4_000, 3_000 },
        { "jpeg of a camera", ImageFiles.Jpeg(4_000, 3_000, before: 60_001), 4_000, 3_000 },
        { "gif", ImageFiles.Gif(320, 200, 320, 200), 320, 200 },
        { "gif with all colours", ImageFiles.Gif(320, 200, 320, 200, colours: 8), 320, 200 },
        { "gif without colours", ImageFiles.Gif(320, 200, 320, 200, colours: 0), 320, 200 },
        { "gif whose picture is larger than its screen", ImageFiles.Gif(1, 1, 2_000, 1_000), 2_000, 1_000 },
        { "lossy webp", ImageFiles.WebPLossy(800, 600), 800, 600 },
        { "lossless webp", ImageFiles.WebPLossless(800, 601), 800, 601 },
        { "extended webp", ImageFiles.WebPExtended(100_000, 3), 100_000, 3 },
    };

    public static TheoryData<string, byte[]> Lies => new()
    {
        { "png without width", ImageFiles.Png(0, 5) },
        { "png without height", ImageFiles.Png(5, 0) },
        { "png larger than can be", ImageFiles.Png(uint.MaxValue, 1) },
        { "png whose first chunk is another", [.. ImageFiles.Png(5, 5)[..12], .. "tEXt"u8, .. ImageFiles.Png(5, 5)[16..]] },
        { "jpeg whose height comes at its end", ImageFiles.Jpeg(5, 0) },
        { "jpeg without a frame", [.. ImageFiles.Jpeg(5, 5)[..20], 0xFF, 0xDA, .. new byte[40]] },
        { "jpeg whose segment has no length", [.. ImageFiles.Jpeg(5, 5)[..20], 0xFF, 0xE1, 0, 0, .. ImageFiles.Jpeg(5, 5)[20..]] },
        { "jpeg that breaks off", ImageFiles.Jpeg(5, 5)[..32] },
        { "gif without a picture", [.. ImageFiles.Gif(5, 5, 5, 5)[..25], 0x3B, .. new byte[20]] },
        { "lossy webp without its mark", [.. ImageFiles.WebPLossy(5, 5)[..23], 0, 0, 0, .. ImageFiles.WebPLossy(5, 5)[26..]] },
        { "riff that is sound", [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8, .. new byte[40]] },
        { "nothing", [] },
        { "bmp", [.. "BM"u8, .. new byte[60]] },
        { "jpeg whose frame is too far in", [0xFF, 0xD8, .. Enumerable.Repeat(0, 9).SelectMany(_ => (byte[])[0xFF, 0xE1, 0xFF, 0xFF, .. new byte[65_533]]), .. ImageFiles.Jpeg(5, 5)[2..]] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void The_size_is_what_the_file_says(string name, byte[] file, int width, int height) =>
        ImagesOf(ImageFiles.DataUrl(file)).ShouldBe([new ImageSize(ImageDetail.Auto, width, height)], name);

    [Theory]
    [MemberData(nameof(Files))]
    public void Escapes_that_serialisers_write_make_no_difference(string name, byte[] file, int width, int height)
    {
        var url = ImageFiles.DataUrl(file, "image/svg+xml");

        ImagesOf(url.Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\u002B", StringComparison.Ordinal)).ShouldBe([new ImageSize(ImageDetail.Auto, width, height)], name);
        ImagesOf(url.Replace("A", "\\u0041", StringComparison.Ordinal).Replace("+", "\\u002b", StringComparison.Ordinal)).ShouldBe([new ImageSize(ImageDetail.Auto, width, height)], name);
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void What_says_no_size_is_taken_for_the_dearest(string name, byte[] file)
    {
        var image = ImagesOf(ImageFiles.DataUrl(file)).ShouldHaveSingleItem(name);

        image.IsKnown.ShouldBeFalse(name);
        image.Detail.ShouldBe(ImageDetail.Auto);
    }

    [Theory]
    [InlineData("https://example.org/cat.png")]
    [InlineData("")]
    [InlineData("data:")]
    [InlineData("data:image/png;base64")]
    [InlineData("data:image/png;base64,")]
    [InlineData("data:image/png;base64,iVBORw0KGgo")]
    [InlineData("data:image/png,%89PNG")]
    [InlineData("data:image/png;base64,\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800")]
    public void What_is_no_image_to_be_read_is_taken_for_the_dearest(string url) => ImagesOf(url).ShouldBe([Unknown]);

    // Some decoders leave out what is not base64. They would see another image than one who counts it.
    [Theory]
    [InlineData("-")]
    [InlineData(" ")]
    [InlineData("=")]
    [InlineData("\\n")]
    [InlineData("é")]
    public void What_is_not_base64_hides_no_larger_image(string noise)
    {
        var url = ImageFiles.DataUrl(ImageFiles.Jpeg(4_000, 3_000, before: 6_000));

        ImagesOf(url).Single().IsKnown.ShouldBeTrue();
        ImagesOf(url.Insert(1_000, noise)).ShouldBe([Unknown]);
        ImagesOf(url.Insert(30, noise)).ShouldBe([Unknown]);
    }

    [Fact]
    public void A_file_cut_anywhere_has_its_size_or_none()
    {
        foreach (var row in Files.Where(r => r.Data.Item2.Length < 1_000))
            for (var length = 0; length <= row.Data.Item2.Length; length++)
            {
                var (_, file, width, height) = row.Data;
                var image = ImagesOf(ImageFiles.DataUrl(file[..length])).ShouldHaveSingleItem();
                (image == Unknown || image == new ImageSize(ImageDetail.Auto, width, height) || !image.IsKnown).ShouldBeTrue();
            }
    }

    [Theory]
    [InlineData("""{"url":"https://a","detail":"low"}""", ImageDetail.Low)]
    [InlineData("""{"detail":"high","url":"https://a"}""", ImageDetail.High)]
    [InlineData("""{"detail":"auto","url":"https://a"}""", ImageDetail.Auto)]
    [InlineData("""{"detail":null,"url":"https://a"}""", ImageDetail.Auto)]
    [InlineData("""{"detail":"lo\u0077","url":"https://a"}""", ImageDetail.Auto)]
    [InlineData("""{"detail":{"low":"low"},"url":"https://a"}""", ImageDetail.Auto)]
    [InlineData("""{"detail":"low","detail":"high","url":"https://a"}""", ImageDetail.Auto)]
    [InlineData("""{"detail":"high","detail":"low","url":"https://a"}""", ImageDetail.Auto)]
    [InlineData("""{}""", ImageDetail.Auto)]
    [InlineData("""null""", ImageDetail.Auto)]
    [InlineData("""5""", ImageDetail.Auto)]
    [InlineData("\"https://a\"", ImageDetail.Auto)]
    public void Detail_is_low_or_high_only_where_it_says_so_and_nothing_else(string image, ImageDetail detail) =>
        SizeOf($$"""{"type":"image_url","image_url":{{image}}}""").Images.ShouldBe([new ImageSize(detail)]);

    [Fact]
    public void Each_of_two_addresses_is_an_image()
    {
        var (small, large) = (ImageFiles.DataUrl(ImageFiles.Png(1, 1)), ImageFiles.DataUrl(ImageFiles.Png(900, 900)));

        SizeOf($$$"""{"type":"image_url","image_url":{"url":"{{{large}}}","detail":"low","url":"{{{small}}}"}}""").Images.ShouldBe([new(ImageDetail.Auto, 900, 900), new(ImageDetail.Low, 1, 1)]);
        SizeOf($$$"""{"type":"image_url","image_url":{"url":"{{{large}}}"},"image_url":{"url":"{{{small}}}"}}""").Images.ShouldBe([new(ImageDetail.Auto, 900, 900), new(ImageDetail.Auto, 1, 1)]);
        SizeOf("""{"type":"image_url"}""").Images.ShouldBe([Unknown]);
    }

    [Fact]
    public void Images_beyond_the_thousandth_are_counted_and_not_kept()
    {
        var image = $$$"""{"type":"image_url","image_url":{"url":"{{{ImageFiles.DataUrl(ImageFiles.Png(9, 9))}}}","detail":"low"}}""";

        var size = SizeOf(string.Join(',', Enumerable.Repeat(image, 1_234)));

        size.Images.ShouldBe(Enumerable.Repeat(new ImageSize(ImageDetail.Low, 9, 9), 1_000));
        size.MoreImages.ShouldBe(234);
        size.Parts.ShouldBe(1_234);
    }

    private static IReadOnlyList<ImageSize> ImagesOf(string url) => SizeOf($$$"""{"type":"image_url","image_url":{"url":"{{{url}}}"}}""").Images;

    private static RequestSize SizeOf(string parts) => Scanning.SizeOf(OperationSpec.ChatCompletions, $$"""{"messages":[{"content":[{{parts}}]}]}""");
}
