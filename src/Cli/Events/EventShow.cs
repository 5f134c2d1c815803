using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventShow
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        return new("show", "Shows all there is to know of an event.", "openai-proxy event show hack", async run =>
            await run.ShowAsync(await run.Api.GetAsync(ApiPath.Of($"events/{run.Need(code)}")), EventFields.OfOne))
        {
            code,
        };
    }
}
