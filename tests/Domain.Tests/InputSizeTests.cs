using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Sizing;

namespace OpenAIProxy.Domain.Tests;

public sealed class InputSizeTests
{
    private static readonly Model Gpt4o = Named("gpt-4o");

    [Fact]
    public void Text_of_a_chat_is_bounded_by_its_bytes_and_what_the_format_adds()
    {
        // {"role":"user","content":"hello world"}: 9 tokens in truth, 2 of them content.
        var size = new RequestSize { TextBytes = 15, Messages = 1 };

        InputBound.Of(size, Gpt4o).ShouldBe(new InputBound(15 + 4 + 3, 0));
        InputEstimate.Of(size, Gpt4o).ShouldBe(4 + 3 + 3);
    }

    [Theory]
    [InlineData(nameof(RequestSize.TextBytes), 1)]
    [InlineData(nameof(RequestSize.PredictionBytes), 1)]
    [InlineData(nameof(RequestSize.TokenNumbers), 1)]
    [InlineData(nameof(RequestSize.Messages), 4)]
    [InlineData(nameof(RequestSize.Names), 1)]
    [InlineData(nameof(RequestSize.Prompts), 4)]
    public void Each_count_of_text_adds_to_the_proven_bound(string count, long tokens)
    {
        // With a message already, so that what makes the model answer is there once.
        var before = InputBound.Of(new RequestSize { Messages = 1 }, Gpt4o);
        var after = InputBound.Of(count switch
        {
            nameof(RequestSize.TextBytes) => new RequestSize { Messages = 1, TextBytes = 1 },
            nameof(RequestSize.PredictionBytes) => new RequestSize { Messages = 1, PredictionBytes = 1 },
            nameof(RequestSize.TokenNumbers) => new RequestSize { Messages = 1, TokenNumbers = 1 },
            nameof(RequestSize.Messages) => new RequestSize { Messages = 2 },
            nameof(RequestSize.Names) => new RequestSize { Messages = 1, Names = 1 },
            _ => new RequestSize { Messages = 1, Prompts = 1 },
        }, Gpt4o);

        (after.Proven - before.Proven).ShouldBe(tokens);
        after.Stated.ShouldBe(0);
    }

    [Fact]
    public void Parts_of_a_content_add_to_what_is_stated_only() =>
        InputBound.Of(new RequestSize { TextBytes = 10, Parts = 3 }, Gpt4o).ShouldBe(new InputBound(10, 3));

    [Fact]
    public void Empty_request_has_no_tokens()
    {
        InputBound.Of(new RequestSize(), Gpt4o).ShouldBe(new InputBound(0, 0));
        InputEstimate.Of(new RequestSize(), Gpt4o).ShouldBe(0);
    }

    [Fact]
    public void Tools_are_bounded_by_their_json_and_a_stated_margin()
    {
        var size = new RequestSize { Tools = 2, ToolBytes = 300 };

        InputBound.Of(size, Gpt4o).ShouldBe(new InputBound(0, 300 + 32 + 2 * 16));
        InputEstimate.Of(size, Gpt4o).ShouldBe(75);
    }

    [Fact]
    public void Text_in_other_scripts_is_taken_for_more_tokens() =>
        InputEstimate.Of(new RequestSize { TextBytes = 300, NonAsciiBytes = 300 }, Gpt4o).ShouldBe(100);

    [Fact]
    public void Output_is_estimated_as_input_is() => InputEstimate.OfText(10, 6).ShouldBe(1 + 2);

    [Fact]
    public void File_is_taken_to_fill_the_context_window()
    {
        var size = new RequestSize { TextBytes = 1_000, IsOpaque = true };

        InputBound.Of(size, Gpt4o).ShouldBe(new InputBound(1_000, Gpt4o.ContextWindow - 1_000));
        InputEstimate.Of(size, Gpt4o).ShouldBe(Gpt4o.ContextWindow);
        InputBound.Of(size with { TextBytes = 1_000_000 }, Gpt4o).ShouldBe(new InputBound(1_000_000, 0));
    }

    [Fact]
    public void What_is_longer_than_the_window_is_reserved_whole_but_charged_as_far_as_it_is_read()
    {
        var size = new RequestSize { TextBytes = 30_000_000, Messages = 1 };

        InputBound.Of(size, Gpt4o).Tokens.ShouldBeGreaterThan(30_000_000);
        InputEstimate.Of(size, Gpt4o).ShouldBe(Gpt4o.ContextWindow);
        InputEstimate.Of(size with { IsOpaque = true }, Gpt4o).ShouldBe(Gpt4o.ContextWindow);
        InputEstimate.Of(size with { Images = [new ImageSize(ImageDetail.Low)] }, Gpt4o).ShouldBe(Gpt4o.ContextWindow + 85 * 5 / 4 + 1);
        // Each has a window to itself.
        InputEstimate.Of(size with { Messages = 0, Prompts = 10 }, Gpt4o).ShouldBe(10 * Gpt4o.ContextWindow);
        InputEstimate.Of(size with { Prompts = 1_000_000 }, Gpt4o with { ContextWindow = long.MaxValue / 8 }).ShouldBe(7_500_006);
    }

    [Theory]
    [InlineData("gpt-4o", 1)]
    [InlineData("gpt-4o-mini", 34)] // 5,667 for each 170, and 2,833 for each 85
    [InlineData("gpt-5", 1)]
    [InlineData("o4-mini", 1)]
    [InlineData("llama", 1)]
    public void Pages_of_a_file_are_taken_to_fill_the_window_at_what_images_cost(string model, long windows) =>
        InputBound.Of(new RequestSize { IsOpaque = true, HasFile = true }, Named(model)).Tokens.ShouldBe(windows * Named(model).ContextWindow);

    [Fact]
    public void Search_in_data_is_taken_to_fill_the_window_twice_and_to_put_out_more()
    {
        var size = new RequestSize { TextBytes = 1_000, IsOpaque = true, SearchesData = true };

        InputBound.Of(size, Gpt4o).ShouldBe(new InputBound(1_000, 2 * Gpt4o.ContextWindow - 1_000));
        InputEstimate.Of(size, Gpt4o).ShouldBe(2 * Gpt4o.ContextWindow);
        OutputBeside.AtMost(size).ShouldBe(512);
    }

    [Theory]
    // The documentation's own examples.
    [InlineData("gpt-4o", ImageDetail.High, 1_024, 1_024, 765)]
    [InlineData("gpt-4o", ImageDetail.High, 2_048, 4_096, 1_105)]
    [InlineData("gpt-4o", ImageDetail.Low, 4_096, 8_192, 85)]
    [InlineData("gpt-4.1-mini", ImageDetail.High, 1_024, 1_024, 1_659)]
    // As billed: https://community.openai.com/t/1281361 and 1262691, less the text around them.
    [InlineData("gpt-4.1", ImageDetail.High, 2_049, 513, 1_445)]
    [InlineData("gpt-4o-mini", ImageDetail.High, 128, 64, 8_500)]
    [InlineData("gpt-4o-mini", ImageDetail.Low, 128, 64, 2_833)]
    [InlineData("o3", ImageDetail.High, 128, 64, 225)]
    [InlineData("gpt-4.1-mini", ImageDetail.High, 4_000, 1_474, 2_489)] // 2,488: it is rounded up here
    // By the rules.
    [InlineData("gpt-4o-2024-11-20", ImageDetail.Auto, 512, 512, 255)]
    [InlineData("gpt-4o", ImageDetail.High, 513, 512, 425)]
    [InlineData("gpt-4o", ImageDetail.High, 0, 0, 1_445)] // not known: eight tiles
    [InlineData("gpt-5", ImageDetail.Auto, 0, 0, 1_190)]
    [InlineData("o4-mini", ImageDetail.Low, 0, 0, 2_642)]
    [InlineData("gpt-5-nano", ImageDetail.High, 32, 33, 5)]
    [InlineData("llama", ImageDetail.High, 1_024, 1_024, 765)] // as most do
    public void Image_is_estimated_by_its_models_rule_and_bounded_with_a_margin(string model, ImageDetail detail, int width, int height, long tokens)
    {
        var size = new RequestSize { Images = [new ImageSize(detail, width, height), new ImageSize(detail, width, height)] };

        InputEstimate.Of(size, Named(model)).ShouldBe(2 * tokens);
        if (model != "llama")
            InputBound.Of(size, Named(model)).ShouldBe(new InputBound(0, (2 * tokens * 125 + 99) / 100));
    }

    [Theory]
    [InlineData(ImageDetail.High, 60_212)] // gpt-4o-mini's eight tiles
    [InlineData(ImageDetail.Auto, 60_212)]
    [InlineData(ImageDetail.Low, 4_724)] // gpt-5-nano's patches
    public void Image_for_an_unknown_model_is_bounded_by_the_dearest_rule(ImageDetail detail, long tokens) =>
        InputBound.Of(new RequestSize { Images = [new ImageSize(detail)] }, Named("llama")).Tokens.ShouldBe(tokens);

    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("gpt-5-nano")]
    [InlineData("llama")]
    public void Images_that_are_not_listed_are_taken_for_the_dearest(string name)
    {
        var listed = new RequestSize { Images = [.. Enumerable.Repeat(new ImageSize(ImageDetail.Auto), 7)] };
        var more = new RequestSize { MoreImages = 7 };

        InputBound.Of(more, Named(name)).ShouldBe(InputBound.Of(listed, Named(name)));
        InputEstimate.Of(more, Named(name)).ShouldBe(InputEstimate.Of(listed, Named(name)));
    }

    [Fact]
    public void Model_is_known_by_its_aliases_too() =>
        InputEstimate.Of(new RequestSize { Images = [new ImageSize(ImageDetail.Low)] }, Named("house") with { Aliases = ["gpt-5-2025-08-07"] }).ShouldBe(70);

    [Fact]
    public void Image_whose_size_is_not_known_is_bounded_by_more_than_any_other()
    {
        var images =
            from model in Gen.Elements("gpt-4o", "gpt-4o-mini", "gpt-5", "o1", "gpt-4.1-mini", "gpt-5-nano", "o4-mini", "llama")
            from detail in Gen.Elements(Enum.GetValues<ImageDetail>())
            from width in Gen.OneOf(Gen.Choose(1, 5_000), Gen.Choose(1, int.MaxValue))
            from height in Gen.OneOf(Gen.Choose(1, 5_000), Gen.Choose(1, int.MaxValue))
            select (Model: Named(model), Known: new ImageSize(detail, width, height), Unknown: new ImageSize(detail));

        Prop.ForAll(images.ToArbitrary(), i => InputBound.Of(new RequestSize { Images = [i.Known] }, i.Model).Tokens is > 0 and var known
            && known <= InputBound.Of(new RequestSize { Images = [i.Unknown] }, i.Model).Tokens).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Estimate_is_never_above_the_bound()
    {
        var images =
            from detail in Gen.Elements(Enum.GetValues<ImageDetail>())
            from width in Gen.Choose(0, 5_000)
            from height in Gen.Choose(0, 5_000)
            select new ImageSize(detail, width, height);
        var count = Gen.OneOf(Gen.Choose(0, 9), Gen.Choose(0, 30_000_000)).Select(i => (long)i);
        var sizes =
            from text in count
            from other in count
            from tokenNumbers in count
            from messages in count
            from names in count
            from parts in count
            from prompts in count
            from tools in count
            from toolBytes in count
            from list in images.ListOf()
            from more in count
            from isOpaque in Gen.Elements(true, false)
            select new RequestSize
            {
                TextBytes = text,
                NonAsciiBytes = Math.Min(other, text),
                TokenNumbers = tokenNumbers,
                Messages = messages,
                Names = names,
                Parts = parts,
                Prompts = prompts,
                Tools = tools,
                ToolBytes = toolBytes,
                Images = [.. list],
                MoreImages = more,
                IsOpaque = isOpaque,
            };
        var requests = from size in sizes from model in Gen.Elements("gpt-4o", "gpt-4o-mini", "gpt-5-nano", "llama") select (size, model: Named(model));

        Prop.ForAll(requests.ToArbitrary(), r => InputEstimate.Of(r.size, r.model) is >= 0 and var estimate && estimate <= InputBound.Of(r.size, r.model).Tokens)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    private static Model Named(string name) => Examples.Model(name, Operation.ChatCompletions);
}
