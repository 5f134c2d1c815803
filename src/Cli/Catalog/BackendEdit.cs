using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

internal static class BackendEdit
{
    public static Verb Create()
    {
        var name = Symbols.Text("NAME", "The backend's name.");
        var endpoint = Symbols.Text("--endpoint", "URL", "Its new address.");
        var credential = new CredentialOptions();
        var version = Symbols.Text("--api-version", "VERSION", "The api-version it is called with.");
        var etag = Symbols.Etag();
        return credential.AddTo(new("edit", "Changes what you say of a backend, and nothing else.", "openai-proxy backend edit azure --key env:AZURE_OPENAI_KEY_2", async run =>
        {
            var body = new Body().Put("endpoint", run.Get(endpoint)).Put("apiVersion", run.Get(version));
            if (body.IsEmpty && !credential.IsSaid(run))
                throw new CommandFailedException(ExitCode.WrongUsage, "Say what to change: --endpoint, --api-version, --key or --entra.");
            credential.Check(run);
            var path = ApiPath.Of($"backends/{run.Need(name)}");
            var seen = await run.Api.GetAsync(path);
            await credential.PutAsync(run, body, seen.Object["entra"] as JsonObject);
            var answer = await run.Api.PatchAsync(path, body.Json, seen, run.Get(etag));
            return await run.ShowAsync(answer, BackendFields.OfOne, $"Backend {run.Need(name)} is changed.");
        })
        {
            name, endpoint, version, etag,
        });
    }
}
