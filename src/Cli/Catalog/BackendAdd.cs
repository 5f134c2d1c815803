using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Catalog;

/// <summary>Adds a backend, and with --deploy what it answers for: the models that are missing, and the deployments.</summary>
internal static class BackendAdd
{
    public static Verb Create()
    {
        var name = Symbols.Text("NAME", "What you call it, such as azure-east.");
        var endpoint = Symbols.Text("--endpoint", "URL", "Its address: https://NAME.openai.azure.com");
        endpoint.Required = true;
        var credential = new CredentialOptions();
        var version = Symbols.Text("--api-version", "VERSION", "The api-version it is called with. Default: the server's.");
        var deploy = Symbols.Names("--deploy", "MODEL[=DEPLOYMENT],…", "What is deployed there; well-known models that are missing are added to the catalogue.");
        return credential.AddTo(new(
            "add",
            "Adds a backend, and what is deployed there.",
            """
            openai-proxy backend add azure --endpoint https://NAME.openai.azure.com --key env:AZURE_OPENAI_KEY --deploy gpt-4o,gpt-4o-mini=mini
            openai-proxy backend add azure --endpoint https://NAME.openai.azure.com --entra managedIdentity --deploy gpt-4o
            """,
            async run =>
            {
                credential.Need(run);
                credential.Check(run);
                // First of all, so that a model nobody knows leaves nothing half done.
                var (deployments, missing) = await ResolveAsync(run, [.. (run.Get(deploy) ?? []).Select(ParseDeployment)]);
                var body = new Body().Put("name", run.Need(name)).Put("endpoint", run.Need(endpoint)).Put("apiVersion", run.Get(version));
                await credential.PutAsync(run, body);
                var backend = await run.Api.PostAsync(ApiPath.Of($"backends"), body.Json);
                if (!run.Json)
                    await run.PrintAsync($"Backend {run.Need(name)} is added.");
                return await DeployAsync(run, run.Need(name), backend, missing, deployments);
            })
        {
            name, endpoint, version, deploy,
        });
    }

    private static async Task<int> DeployAsync(Invocation run, string backend, Answer made, List<KnownModel> missing, List<(string Model, string Name)> deployments)
    {
        var models = new JsonArray();
        foreach (var model in missing)
        {
            models.Add((await run.Api.PostAsync(ApiPath.Of($"models"), model.ToJson())).Json?.DeepClone());
            if (!run.Json)
                await run.PrintAsync($"Model {model.Name} is added.");
        }
        var answers = new JsonArray();
        foreach (var (model, name) in deployments)
        {
            var body = new JsonObject { ["model"] = model, ["backend"] = backend, ["name"] = name };
            answers.Add((await run.Api.PostAsync(ApiPath.Of($"deployments"), body)).Json?.DeepClone());
            if (!run.Json)
                await run.PrintAsync($"Deployment {name} answers for {model}.");
        }
        if (!run.Json)
            await run.NoteAsync(answers.Count > 0
                ? $"See whether it answers: openai-proxy backend test {backend}"
                : $"It answers for no model yet: openai-proxy deployment add gpt-4o {backend}");
        return run.Json
            ? await run.PrintAsync(new JsonObject { ["backend"] = made.Json?.DeepClone(), ["models"] = models, ["deployments"] = answers }.ToJsonString())
            : ExitCode.Ok;
    }

    /// <summary>Models by the names they have in the catalogue, and those that it lacks.</summary>
    private static async Task<(List<(string Model, string Name)> Deployments, List<KnownModel> Missing)> ResolveAsync(
        Invocation run, List<(string Model, string Name)> wanted)
    {
        if (wanted.Count == 0)
            return ([], []);
        var nameOf = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in await ModelCatalogue.ReadAsync(run))
            foreach (var name in (model["aliases"] as JsonArray ?? []).Select(a => a?.ToString()).Append(model["name"]?.ToString()))
                nameOf[name ?? ""] = model["name"]!.ToString();
        var missing = wanted.Select(d => d.Model).Where(model => !nameOf.ContainsKey(model)).Select(Known).Distinct().ToList();
        return ([.. wanted.Select(d => (nameOf.GetValueOrDefault(d.Model) ?? Known(d.Model).Name, d.Name))], missing);
    }

    private static KnownModel Known(string model) => KnownModels.Find(model) ?? throw new CommandFailedException(
        ExitCode.WrongUsage,
        $"Nothing was added: model {model} is neither in the catalogue nor well known. First: "
            + $"openai-proxy model add {model} --family chat --operations chatCompletions --context-window N --max-output N");

    private static (string Model, string Name) ParseDeployment(string text) => text.Split('=', 2) switch
    {
        [{ Length: > 0 } model, { Length: > 0 } name] => (model, name),
        [{ Length: > 0 } model] => (model, model),
        _ => throw new CommandFailedException(ExitCode.WrongUsage, $"--deploy '{text}': give MODEL or MODEL=DEPLOYMENT, such as gpt-4o=my-gpt-4o."),
    };
}
