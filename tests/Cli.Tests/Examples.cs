using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Tests;

internal static class Examples
{
    public static JsonObject Event(string code) => new()
    {
        ["code"] = code,
        ["name"] = "Hack day",
        ["standing"] = "open",
        ["state"] = "open",
        ["timeZone"] = "Asia/Tokyo",
        ["opensAt"] = "2026-05-01T00:00:00Z",
        ["endsAt"] = "2026-05-02T09:00:00Z",
        ["attendeeCount"] = 1234,
        ["owner"] = "ada",
        ["hasSharedSecret"] = false,
    };

    public static async Task<CliUnderTest> WithBackendAsync()
    {
        var cli = await CliUnderTest.StartAsync();
        cli.Variables["AZURE_KEY"] = "canary-azure-key";
        (await cli.RunAsync("backend", "add", "azure", "--endpoint", "https://x.openai.azure.com", "--key", "env:AZURE_KEY",
            "--deploy", "text-embedding-3-small,gpt-4o-mini=mini,gpt-4o")).ShouldBe(0, cli.Error);
        return cli;
    }
}
