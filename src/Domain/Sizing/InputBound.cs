using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Domain.Sizing;

/// <summary>The most input tokens that a request can have: what is set aside for it.</summary>
/// <param name="Proven">What text can have: a token is at least one byte, and what the format adds is known.</param>
/// <param name="Stated">What parts of contents, tools, images and files are taken to have at most, margin included: Azure documents it roughly or not at all.</param>
public readonly record struct InputBound(long Proven, long Stated)
{
    /// <summary>Begin, role, end. Newer models add 3, the oldest (gpt-3.5-turbo-0301) 4, and one less with a name.</summary>
    public const long PerMessage = 4;

    /// <summary>What tells a name from its message.</summary>
    public const long PerName = 1;

    /// <summary>What makes a chat model begin its answer.</summary>
    public const long Priming = 3;

    /// <summary>What may part two parts of a content; not documented.</summary>
    public const long PerPart = 1;

    /// <summary>An empty prompt is one token, and three set a prompt apart from its suffix.</summary>
    public const long PerPrompt = 4;

    /// <summary>
    /// How a tool is presented to the model is not documented. As far as it could be observed it is a declaration that is shorter than
    /// its JSON; this is for what stands around it.
    /// </summary>
    public const long PerTool = 16;

    /// <summary>What stands around all tools, once.</summary>
    public const long ForTools = 32;

    /// <summary>The rules for images are documented, but bills of a fifth more were seen (gpt-5.2).</summary>
    public const long ImageMarginPercent = 25;

    public long Tokens => Proven + Stated;

    /// <param name="model">Its names tell how it counts images; one that is not known is taken for the dearest. A file, or sound, is taken to fill its context window.</param>
    public static InputBound Of(RequestSize size, Model model)
    {
        // That a prediction is read as input too is not documented, and usages that were seen say no; but it would fit.
        var text = size.TextBytes + size.PredictionBytes + size.TokenNumbers + size.Messages * PerMessage + size.Names * PerName
            + size.Prompts * PerPrompt + (size.Messages > 0 ? Priming : 0);
        var tools = size.ToolBytes + size.Tools * PerTool + (size.Tools > 0 ? ForTools : 0);
        var parts = size.Parts * PerPart;
        var images = ImagesAtMost(size, model);
        // Text, tools and files share the window. Images do not: gpt-4o-mini's count for more than they take.
        var opaque = size.IsOpaque ? Math.Max(OpaqueAtMost(size, model) - text - parts - tools, 0) : 0;
        return new InputBound(text, parts + tools + images + opaque);
    }

    /// <summary>
    /// The most that a model reads of a request, whose text may be longer: its window for each prompt, and the images. Azure charges for what it turns away
    /// as too long (https://learn.microsoft.com/azure/ai-services/openai/how-to/manage-costs), but does not say for how much; more than that it cannot be.
    /// </summary>
    internal static long ReadAtMost(RequestSize size, Model model) =>
        (long)Int128.Min((Int128)OpaqueAtMost(size, model) * Math.Max(size.Prompts, 1) + ImagesAtMost(size, model), long.MaxValue);

    // All of the window, once for each call of the model, or as images that are charged for more than they take of it.
    private static long OpaqueAtMost(RequestSize size, Model model)
    {
        var perToken = size.HasFile ? ImageRules.Find(model)?.PerWindowToken ?? 1 : 1;
        return model.ContextWindow * Math.Max(perToken, size.SearchesData ? 2 : 1);
    }

    private static long ImagesAtMost(RequestSize size, Model model)
    {
        if (size.MoreImages == 0 && size.Images.Count == 0)
            return 0;
        var rule = ImageRules.Find(model);
        var tokens = size.MoreImages > 0 ? size.MoreImages * TokensOf(default) : 0;
        foreach (var image in size.Images)
            tokens += TokensOf(image);
        return (tokens * (100 + ImageMarginPercent) + 99) / 100;

        long TokensOf(ImageSize image) => rule?.TokensOf(image) ?? ImageRules.Dearest(image);
    }
}
