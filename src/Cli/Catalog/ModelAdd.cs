using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class ModelAdd
{
    public static Verb Create()
    {
        var name = Symbols.Text("NAME", "What clients call it.");
        var options = new ModelOptions();
        return options.AddTo(new(
            "add",
            "Adds a model. A well-known one needs no more than its name.",
            """
            openai-proxy model add gpt-4o
            openai-proxy model add my-model --family chat --operations chatCompletions --context-window 128000 --max-output 16384
            """,
            async run =>
            {
                var model = KnownModels.Find(run.Need(name))?.ToJson() ?? [];
                foreach (var (field, value) in options.Said(run).Json)
                    model[field] = value?.DeepClone();
                model["name"] ??= run.Need(name);
                var answer = await run.Api.PostAsync(ApiPath.Of($"models"), model);
                return await run.ShowAsync(answer, ModelOptions.Fields, $"Model {model["name"]} is added.");
            })
        {
            name,
        });
    }
}
