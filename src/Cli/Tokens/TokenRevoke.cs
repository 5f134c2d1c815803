using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Tokens;

internal static class TokenRevoke
{
    public static Verb Create()
    {
        var id = Symbols.Text("ID", "The token's id (see token list).");
        return new("revoke", "Ends a token: the next request with it is refused.", "openai-proxy token revoke 3 --yes", async run =>
        {
            await run.ConfirmAsync($"Revoke token {run.Need(id)}? This cannot be undone.");
            await run.Api.DeleteAsync(ApiPath.Of($"tokens/{run.Need(id)}"));
            return await run.SayAsync(new JsonObject { ["revoked"] = run.Need(id) }, $"Token {run.Need(id)} is revoked.");
        })
        {
            id, Symbols.Yes(),
        };
    }
}
