using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace OpenAIProxy.Cli.Documents;

/// <summary>Reads a document, be it JSON or YAML: what begins with a brace is JSON.</summary>
internal static class DocumentText
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static JsonObject Read(string text, string file)
    {
        try
        {
            var read = text.TrimStart('\uFEFF').TrimStart() is ['{', ..] ? JsonNode.Parse(text.TrimStart('\uFEFF'), null, Strict) : Yaml.Read(text);
            // Texts are looked at when they are written: "\ud800" is JSON, and half of a character.
            _ = read?.ToJsonString();
            return read as JsonObject ?? throw Wrong(file, "it is empty or no document of backends, models, deployments and events");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw Wrong(file, wrong.Message);
        }
        catch (YamlException wrong)
        {
            throw Wrong(file, $"line {wrong.Start.Line}, column {wrong.Start.Column}: {wrong.Message}");
        }
    }

    private static CommandFailedException Wrong(string file, string reason) => new(ExitCode.WrongUsage, $"{file} cannot be read: {reason}");
}
