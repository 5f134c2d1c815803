using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Limits;

internal static class LimitList
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        return new("list", "Lists the limits of an event.", "openai-proxy limit list hack", async run =>
        {
            var answer = await run.Api.GetAsync(ApiPath.Of($"events/{run.Need(code)}/limits"));
            if (run.Json)
                return await run.PrintAsync(answer.Text);
            if (!answer.Items.Any())
                return await run.PrintAsync("None.");
            await Table.WriteAsync(run.Terminal, LimitSymbols.Fields, answer.Items, run.Surroundings.Time.LocalTimeZone);
            return ExitCode.Ok;
        })
        {
            code,
        };
    }
}
