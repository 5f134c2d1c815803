using OpenAIProxy.Domain.Catalog;

namespace OpenAIProxy.Domain.Tests;

internal static class Examples
{
    public static Model Model(string name, params Operation[] operations) => new()
    {
        Name = name,
        Family = ModelFamily.Chat,
        Operations = operations,
        ContextWindow = 8_192,
        MaxOutput = 4_096,
    };

    public static Offer Offer(string name, params Operation[] operations) => new(Model(name, operations), []);
}
