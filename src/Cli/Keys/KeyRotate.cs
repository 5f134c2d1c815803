using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Keys;

internal static class KeyRotate
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var id = Symbols.Text("ID", "The key's id (see key list).");
        var grace = Symbols.Text("--grace", "DURATION", "How long the old key still works; 0s ends it at once. Default: 24h");
        return new("rotate", "Makes a new key in place of an old one, and prints it this once.", "openai-proxy key rotate hack 17 --grace 2h", async run =>
        {
            if (run.Get(grace) is { } said && Moments.Duration(said, "--grace") == TimeSpan.Zero)
                await run.ConfirmAsync($"Rotate key {run.Need(id)} and end the old one at once? This cannot be undone.");
            var answer = await run.Api.PostAsync(ApiPath.Of($"events/{run.Need(code)}/keys/{run.Need(id)}/rotate"), new Body().Put("grace", run.Get(grace)).Json);
            return await run.SayAsync(answer, answer.Object["key"]?.ToString() ?? "");
        })
        {
            code, id, grace, Symbols.Yes(),
        };
    }
}
