using System.CommandLine;

namespace OpenAIProxy.Cli.Catalog;

internal static class PriceCommands
{
    public static Command Create() => new("price", "What models cost.")
    {
        PriceList.Create(), PriceSet.Create(), PriceRemove.Create(),
    };
}
