using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

/// <summary>One step in an event's life: the same call for each of them.</summary>
internal static class LifeCycleStep
{
    /// <param name="question">What is asked before; null where the step can be undone.</param>
    public static Verb Create(string step, string description, string done, Func<string, string>? question = null)
    {
        var code = Symbols.EventCode();
        var verb = new Verb(step, description, $"openai-proxy event {step} hack", async run =>
        {
            var named = run.Need(code);
            if (question is not null)
                await run.ConfirmAsync(question(named));
            var answer = await run.Api.PostAsync($"{ApiPath.Of($"events/{named}")}/{step}");
            return await run.SayAsync(answer, $"Event {named} is {done}. {Standing.Sentence(answer.Object)}".TrimEnd());
        })
        {
            code,
        };
        if (question is not null)
            verb.Add(Symbols.Yes());
        return verb;
    }
}
