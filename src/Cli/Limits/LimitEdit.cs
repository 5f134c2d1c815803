using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Limits;

internal static class LimitEdit
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var limit = LimitSymbols.Limit();
        var cap = LimitSymbols.Cap();
        var etag = Symbols.Etag();
        return new("edit", "Changes a limit's cap; what has been used stays used.", "openai-proxy limit edit hack 3 20", async run =>
        {
            var path = ApiPath.Of($"events/{run.Need(code)}/limits/{run.Need(limit)}");
            var seen = await run.Api.GetAsync(path);
            var body = new Body().Put("cap", LimitSymbols.ParseCap(run.Need(cap), seen.Object["unit"]?.ToString()));
            return await run.ShowAsync(await run.Api.PatchAsync(path, body.Json, seen, run.Get(etag)), LimitSymbols.Fields, "The limit is changed.");
        })
        {
            code, limit, cap, etag,
        };
    }
}
