using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Keys;

internal static class KeyImport
{
    // The server makes no more at a time; each batch is all or none.
    private const int LargestBatch = 5_000;

    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var file = Symbols.Text("FILE", "Names, one on each line, or a CSV file; - is standard input.");
        var column = Symbols.Text("--column", "TITLE", "Which column of a CSV file has the names. Default: name, user or email, else the first.");
        var output = Symbols.Text("--output", "FILE", "Where name,key goes, readable by you alone. Default: FILE with .keys.csv for its ending; - is standard output.");
        var expires = KeyExpiry.Option();
        return new("import", "Makes a key for each name in a file, and writes name,key to another.", "openai-proxy key import hack people.csv --output keys.csv", async run =>
        {
            var names = await NameList.ReadAsync(run, run.Need(file), run.Get(column));
            var until = await KeyExpiry.ReadAsync(run, expires, run.Need(code));
            // Opened first: keys are shown once, so a file that cannot be written must be found out before they are made.
            await using var keys = KeyFile.Create(run, run.Get(output) ?? (run.Need(file) == "-" ? "-" : Path.ChangeExtension(run.Need(file), ".keys.csv")));
            var made = await IssueAsync(run, run.Need(code), names, until, keys);
            return keys.Path is null ? ExitCode.Ok : await run.SayAsync(
                new JsonObject { ["issued"] = made, ["file"] = keys.Path }, $"{made:N0} keys are in {keys.Path}. They are shown nowhere else.");
        })
        {
            code, file, column, output, expires,
        };
    }

    private static async Task<int> IssueAsync(Invocation run, string code, IReadOnlyList<string> names, string? expires, KeyFile keys)
    {
        var made = 0;
        using var progress = new Progress(run.Terminal);
        foreach (var batch in names.Chunk(LargestBatch))
        {
            await progress.ShowAsync($"Making keys: {made:N0} of {names.Count:N0}");
            await WriteAsync(code, [.. (await IssueAsync(run, code, batch, expires, made)).Items], keys);
            made += batch.Length;
        }
        return made;
    }

    private static async Task<Answer> IssueAsync(Invocation run, string code, string[] batch, string? expires, int made)
    {
        try
        {
            return await run.Api.PostAsync(ApiPath.Of($"events/{code}/keys/batch"), new Body().Put("users", batch).Put("expires", expires).Json);
        }
        catch (CommandFailedException failed) when (made > 0)
        {
            await run.NoteAsync(failed.ExitCode == ExitCode.Unreachable
                ? $"{made:N0} keys are made and written. Those from '{batch[0]}' to '{batch[^1]}' may be made too, and nobody has them: openai-proxy key list {code} shows it."
                : $"{made:N0} keys are made and written; none from '{batch[0]}' on.");
            throw;
        }
    }

    // A batch at a time: of one that is not wholly on the disk, nobody knows which keys are.
    private static async Task WriteAsync(string code, IReadOnlyList<JsonObject> issued, KeyFile keys)
    {
        try
        {
            foreach (var item in issued)
                await keys.WriteAsync(item["user"]?.ToString() ?? "", item["key"]?.ToString() ?? "");
            await keys.FlushAsync();
        }
        catch (IOException full)
        {
            throw new CommandFailedException(ExitCode.Failed, Lost(code, [.. issued.Select(i => i["id"]?.ToString() ?? "")], full));
        }
    }

    // The server makes the keys of a batch one after another, so their ids are a row.
    private static string Lost(string code, IReadOnlyList<string> ids, IOException full) =>
        $"The keys {ids[0]} to {ids[^1]} of event {code} are made, and could not be written: {full.Message} They work, and nobody has all of them. Revoke them: "
        + $"for id in $(seq {ids[0]} {ids[^1]}); do openai-proxy key revoke {code} $id --yes; done";
}
