using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Limits;

internal static class LimitRemove
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var limit = LimitSymbols.Limit();
        return new("remove", "Removes a limit, and the caps that were raised of it.", "openai-proxy limit remove hack 3 --yes", async run =>
        {
            var path = ApiPath.Of($"events/{run.Need(code)}/limits/{run.Need(limit)}");
            var seen = await run.Api.GetAsync(path);
            await run.ConfirmAsync($"Remove limit {LimitSymbols.Words(seen.Object)} of {run.Need(code)}? Nothing holds its use any more.");
            await run.Api.DeleteAsync(path, seen);
            return await run.SayAsync(new JsonObject { ["removed"] = run.Need(limit) }, $"Limit {LimitSymbols.Words(seen.Object)} is removed.");
        })
        {
            code, limit, Symbols.Yes(),
        };
    }
}
