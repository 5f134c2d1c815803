using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Documents;

/// <summary>Makes the server be as a document says: all of it or nothing.</summary>
internal static class ApplyDocument
{
    public static Verb Create()
    {
        var file = Symbols.Text("FILE", "The document, YAML or JSON; - is standard input.");
        var dryRun = new Option<bool>("--dry-run") { Description = $"Only show what would change; exit code {ExitCode.WouldChange} where something would." };
        var prune = new Option<bool>("--prune") { Description = "Also delete what the document does not name." };
        return new(
            "apply",
            "Makes backends, models, deployments and events as a document says, and shows what changed. What it does not name is left alone.",
            """
            openai-proxy apply workshop.yaml --dry-run
            openai-proxy apply workshop.yaml
            """,
            async run =>
            {
                var document = await ReadAsync(run, run.Need(file));
                await DocumentSecrets.ResolveAsync(run, document);
                // What is deleted is shown, and asked for, before it is gone.
                if (run.Get(prune) && !run.Get(dryRun))
                    await ConfirmDeletionsAsync(run, document);
                return await ShowAsync(run, await SendAsync(run, document, run.Get(dryRun), run.Get(prune)), run.Get(dryRun));
            })
        {
            file, dryRun, prune, Symbols.Yes(),
        };
    }

    private static async Task<Answer> SendAsync(Invocation run, JsonObject document, bool dryRun, bool prune)
    {
        using var progress = new Progress(run.Terminal);
        await progress.ShowAsync(dryRun ? "Comparing…" : "Applying…");
        return await run.Api.PostAsync(
            ApiPath.Of($"configuration"), new JsonObject { ["document"] = document.DeepClone(), ["dryRun"] = dryRun, ["prune"] = prune });
    }

    private static async Task ConfirmDeletionsAsync(Invocation run, JsonObject document)
    {
        var changes = ChangeList.Of((await SendAsync(run, document, dryRun: true, prune: true)).Object);
        var deletions = changes.Where(ChangeList.IsDeletion).ToList();
        if (deletions.Count == 0)
            return;
        await ChangeList.WriteAsync(run.Terminal.Error, deletions);
        await run.ConfirmAsync($"Delete these {deletions.Count}? This cannot be undone.");
    }

    private static async Task<int> ShowAsync(Invocation run, Answer answer, bool dryRun)
    {
        var changes = ChangeList.Of(answer.Object);
        if (run.Json)
            await run.PrintAsync(answer.Text);
        else
        {
            await ChangeList.WriteAsync(run.Terminal.Output, changes);
            await run.PrintAsync(ChangeList.Summary(changes, !dryRun));
        }
        return dryRun && changes.Count > 0 ? ExitCode.WouldChange : ExitCode.Ok;
    }

    private static async Task<JsonObject> ReadAsync(Invocation run, string file)
    {
        try
        {
            var text = file == "-"
                ? await run.Terminal.Input.ReadToEndAsync(run.Cancellation)
                : await File.ReadAllTextAsync(run.Surroundings.PathOf(file), run.Cancellation);
            return DocumentText.Read(text, file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.WrongUsage, unreadable.Message);
        }
    }
}
