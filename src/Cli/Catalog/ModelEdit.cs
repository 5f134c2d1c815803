using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class ModelEdit
{
    public static Verb Create()
    {
        var name = Symbols.Text("NAME", "The model's name.");
        var etag = Symbols.Etag();
        var options = new ModelOptions();
        return options.AddTo(new("edit", "Changes what you say of a model, and nothing else.", "openai-proxy model edit gpt-4o --max-output 8192", async run =>
        {
            var body = options.Said(run);
            if (body.IsEmpty)
                throw new CommandFailedException(ExitCode.WrongUsage, "Say what to change, for example --max-output 8192. See: openai-proxy model edit --help");
            var path = ApiPath.Of($"models/{run.Need(name)}");
            var answer = await run.Api.PatchAsync(path, body.Json, await run.Api.GetAsync(path), run.Get(etag));
            return await run.ShowAsync(answer, ModelOptions.Fields, $"Model {run.Need(name)} is changed.");
        })
        {
            name, etag,
        });
    }
}
