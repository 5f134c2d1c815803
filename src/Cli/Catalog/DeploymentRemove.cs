using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class DeploymentRemove
{
    public static Verb Create()
    {
        var model = Symbols.Text("MODEL", "The model of the catalogue.");
        var backend = Symbols.Text("BACKEND", "Where it is deployed.");
        var name = Symbols.Text("NAME", "Its name there. Default: the model's.");
        name.Arity = ArgumentArity.ZeroOrOne;
        return new("remove", "Lets a backend answer for a model no longer.", "openai-proxy deployment remove gpt-4o azure my-gpt-4o --yes", async run =>
        {
            var deployed = run.Get(name) ?? run.Need(model);
            await run.ConfirmAsync($"Remove deployment {deployed} of {run.Need(model)} on {run.Need(backend)}? Requests may find no backend then.");
            await run.Api.DeleteAsync(ApiPath.Of($"deployments/{run.Need(model)}/{run.Need(backend)}/{deployed}"));
            return await run.SayAsync(new JsonObject { ["removed"] = deployed }, $"Deployment {deployed} is removed.");
        })
        {
            model, backend, name, Symbols.Yes(),
        };
    }
}
