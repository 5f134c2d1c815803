using System.CommandLine;

namespace OpenAIProxy.Cli.Catalog;

internal static class BackendCommands
{
    public static Command Create() => new("backend", "Azure OpenAI resources that requests are sent to.")
    {
        BackendList.Create(), BackendShow.Create(), BackendAdd.Create(), BackendEdit.Create(), BackendTest.Create(), BackendRemove.Create(),
    };
}
