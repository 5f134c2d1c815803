using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Limits;

internal static class LimitAdd
{
    private const string InFlight = "inFlight";

    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var cap = LimitSymbols.Cap();
        var unit = Symbols.OneOf("--unit", "What it counts.", "requests", "inputTokens", "outputTokens", "totalTokens", LimitSymbols.Money, InFlight);
        unit.Required = true;
        var scope = Symbols.OneOf("--scope", "Whose use counts together: each attendee's (the default), the whole event's, that of each model, or each attendee's of each model.", "attendee", "event", "model", "attendeeModel");
        var window = Symbols.OneOf("--window", "When it begins anew, by the event's clock; event is never. Default: day, but event for requests in flight.", "minute", "hour", "day", "event");
        var model = Symbols.Text("--model", "NAME", "The one model it is for. Default: every model.");
        return new(
            "add",
            "Adds a limit, in force for the next request.",
            """
            openai-proxy limit add hack 12.50 --unit money --window day
            openai-proxy limit add hack 500 --unit money --scope event --window event
            """,
            async run =>
            {
                var counted = run.Get(unit);
                var body = new Body()
                    .Put("scope", run.Get(scope) ?? "attendee")
                    .Put("unit", counted)
                    .Put("window", run.Get(window) ?? (counted == InFlight ? "event" : "day"))
                    .Put("cap", LimitSymbols.ParseCap(run.Need(cap), counted))
                    .Put("model", run.Get(model));
                var answer = await run.Api.PostAsync(ApiPath.Of($"events/{run.Need(code)}/limits"), body.Json);
                return await run.ShowAsync(answer, LimitSymbols.Fields, "The limit is added.");
            })
        {
            code, cap, unit, scope, window, model,
        };
    }
}
