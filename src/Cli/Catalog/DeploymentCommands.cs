using System.CommandLine;

namespace OpenAIProxy.Cli.Catalog;

internal static class DeploymentCommands
{
    public static Command Create() => new("deployment", "Which backend answers for which model, and under what name.")
    {
        DeploymentList.Create(), DeploymentAdd.Create(), DeploymentRemove.Create(),
    };
}
