using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Completion;

internal static class CompletionScript
{
    public static Verb Create(string shell, string description, string example) => new(shell, description, example, async run =>
        await run.PrintAsync(await Embedded.ReadAsync($"completion.{shell}", run.Cancellation)));
}
