using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

internal sealed record Asked(string Method, string Path, JsonObject Body, string IfMatch, string Query);
