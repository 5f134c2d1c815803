using System.Collections.Frozen;
using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Domain.Sizing;

/// <summary>Which model counts images how. From https://platform.openai.com/docs/guides/images-vision, which Azure's own page repeats.</summary>
internal static class ImageRules
{
    /// <summary>The one that most models have.</summary>
    public static readonly ImageRule Usual = new ImageRule.Tiles(85, 170);

    // Names in full: gpt-5.4 looks more closely than gpt-5 does, so what begins alike does not count alike.
    private static readonly FrozenDictionary<string, ImageRule> ByName = new Dictionary<string, ImageRule>
    {
        ["gpt-4-turbo"] = Usual,
        ["gpt-4-vision-preview"] = Usual,
        ["gpt-4o"] = Usual,
        ["gpt-4.1"] = Usual,
        ["gpt-4.5-preview"] = Usual,
        ["gpt-4o-mini"] = new ImageRule.Tiles(2_833, 5_667),
        ["gpt-5"] = new ImageRule.Tiles(70, 140),
        ["gpt-5-chat"] = new ImageRule.Tiles(70, 140),
        ["o1"] = new ImageRule.Tiles(75, 150),
        ["o3"] = new ImageRule.Tiles(75, 150),
        ["gpt-4.1-mini"] = new ImageRule.Patches(162),
        ["gpt-5-mini"] = new ImageRule.Patches(162),
        ["o4-mini"] = new ImageRule.Patches(172),
        ["gpt-4.1-nano"] = new ImageRule.Patches(246),
        ["gpt-5-nano"] = new ImageRule.Patches(246),
    }.ToFrozenDictionary();

    /// <summary>The rule of the model that has such a name or alias, with or without the date of a version; null is unknown.</summary>
    public static ImageRule? Find(Model model)
    {
        foreach (var name in model.AllNames)
            if (ByName.TryGetValue(ModelName.Undated(name), out var rule))
                return rule;
        return null;
    }

    /// <summary>The most that any of the models takes the image for: for a model whose rule is not known.</summary>
    public static long Dearest(ImageSize image) => ByName.Values.Max(rule => rule.TokensOf(image));
}
