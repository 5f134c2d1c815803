using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Keys;

internal static class KeyIssue
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var user = Symbols.Text("USER", "Whose key: a user id in this event.");
        var expires = KeyExpiry.Option();
        return new("issue", "Makes a key for one user, and prints it this once.", "openai-proxy key issue hack ada", async run =>
        {
            var body = new Body().Put("user", run.Need(user)).Put("expires", await KeyExpiry.ReadAsync(run, expires, run.Need(code)));
            var answer = await run.Api.PostAsync(ApiPath.Of($"events/{run.Need(code)}/keys"), body.Json);
            // The key alone, so that KEY=$(openai-proxy key issue hack ada) works.
            return await run.SayAsync(answer, answer.Object["key"]?.ToString() ?? "");
        })
        {
            code, user, expires,
        };
    }
}
