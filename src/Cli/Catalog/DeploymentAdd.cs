using System.CommandLine;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class DeploymentAdd
{
    public static Verb Create()
    {
        var model = Symbols.Text("MODEL", "The model of the catalogue.");
        var backend = Symbols.Text("BACKEND", "Where it is deployed.");
        var name = Symbols.Text("NAME", "Its name there. Default: the model's.");
        name.Arity = ArgumentArity.ZeroOrOne;
        return new("add", "Lets a backend answer for a model.", "openai-proxy deployment add gpt-4o azure my-gpt-4o", async run =>
        {
            var deployed = run.Get(name) ?? run.Need(model);
            var body = new Body().Put("model", run.Need(model)).Put("backend", run.Need(backend)).Put("name", deployed);
            var answer = await run.Api.PostAsync(ApiPath.Of($"deployments"), body.Json);
            return await run.SayAsync(answer, $"Deployment {deployed} on {run.Need(backend)} answers for {run.Need(model)}.");
        })
        {
            model, backend, name,
        };
    }
}
