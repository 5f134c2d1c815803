using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Catalog;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventEdit
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var etag = Symbols.Etag();
        var options = new EventOptions();
        var noTokens = new Option<bool>("--no-token-admission") { Description = "Let nobody in by tokens any more." };
        return options.AddTo(new("edit", "Changes what you say of an event, and nothing else.", "openai-proxy event edit hack --output-cap 2048", async run =>
        {
            var body = options.Said(run);
            if (run.Get(noTokens))
                TakeTokensAway(body);
            if (body.IsEmpty)
                throw new CommandFailedException(ExitCode.WrongUsage, "Say what to change, for example --name or --models. See: openai-proxy event edit --help");
            var path = ApiPath.Of($"events/{run.Need(code)}");
            var seen = await run.Api.GetAsync(path);
            await ChooseDefaultsAsync(run, body, seen.Object);
            var answer = await run.Api.PatchAsync(path, body.Json, seen, run.Get(etag));
            return await run.ShowAsync(answer, EventFields.OfOne, $"Event {run.Need(code)} is changed.");
        })
        {
            code, etag, noTokens,
        });
    }

    // Or else the server would refuse the models as long as a default is not among them.
    private static async Task ChooseDefaultsAsync(Invocation run, Body body, JsonObject seen)
    {
        if (body.Json["models"] is not JsonArray models)
            return;
        var defaults = EventModelChoice.ChangedDefaults(
            seen["defaults"] as JsonObject, [.. models.Select(m => m!.ToString())], await ModelCatalogue.ReadAsync(run));
        foreach (var (operation, model) in body.Json["defaults"] as JsonObject ?? [])
            defaults[operation] = model?.DeepClone();
        if (defaults.Count > 0)
            body.Json["defaults"] = defaults;
    }

    private static void TakeTokensAway(Body body)
    {
        if (body.Json.ContainsKey("tokenAdmission"))
            throw new CommandFailedException(ExitCode.WrongUsage, "--no-token-admission takes away what the other options of tokens say: give it alone, or them.");
        body.PutOrClear("tokenAdmission", "");
    }
}
