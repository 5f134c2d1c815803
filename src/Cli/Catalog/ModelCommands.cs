using System.CommandLine;

namespace OpenAIProxy.Cli.Catalog;

internal static class ModelCommands
{
    public static Command Create() => new("model", "The catalogue of models that events can have.")
    {
        ModelList.Create(), ModelShow.Create(), ModelAdd.Create(), ModelEdit.Create(), ModelRemove.Create(),
    };
}
