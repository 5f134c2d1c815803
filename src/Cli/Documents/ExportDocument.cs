using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Documents;

/// <summary>Writes the document that apply would take to make another server like this one. Secrets are named, never written.</summary>
internal static class ExportDocument
{
    private static readonly string[] Parts = ["backends", "models", "deployments", "events"];

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Verb Create()
    {
        var output = Symbols.Text("--output", "FILE", "Write it there instead; a name that ends with .json makes it JSON.");
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of the document instead, for an editor." };
        return new(
            "export",
            "Writes all backends, models, deployments and events as one document, and lists the secrets that apply will need.",
            """
            openai-proxy export --output workshop.yaml
            openai-proxy export --schema > document.schema.json
            """,
            async run => run.Get(schema)
                ? await run.PrintAsync(await Embedded.ReadAsync("document.schema.json", run.Cancellation))
                : await ExportAsync(run, run.Get(output)))
        {
            output, schema,
        };
    }

    private static async Task<int> ExportAsync(Invocation run, string? file)
    {
        var answer = await run.Api.GetAsync(ApiPath.Of($"configuration"));
        var document = new JsonObject();
        foreach (var part in Parts)
            if (answer.Object[part] is { } things)
                document[part] = things.DeepClone();
        var required = answer.Object["requiredSecrets"] as JsonArray ?? [];
        var secrets = DocumentSecrets.Refer(document, required.Select(path => path!.ToString()));
        var isJson = file is null ? run.Json : file.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        var text = isJson ? document.ToJsonString(Readable) + "\n" : Comment(secrets) + Yaml.Write(document);
        if (file is null)
            await run.PrintAsync(text);
        else
            await File.WriteAllTextAsync(run.Surroundings.PathOf(file), text, run.Cancellation);
        foreach (var (reference, purpose) in secrets)
            await run.NoteAsync($"To supply: {reference} ({purpose})");
        return ExitCode.Ok;
    }

    private static string Comment(IReadOnlyList<(string Reference, string For)> secrets)
    {
        var comment = new StringBuilder();
        if (secrets.Count > 0)
            comment.Append("# Secrets to supply before apply:\n");
        foreach (var (reference, purpose) in secrets)
            comment.Append($"#   {Printable.From(reference)} ({Printable.From(purpose)})\n");
        return comment.ToString();
    }
}
