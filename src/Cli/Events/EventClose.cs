using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventClose
{
    public static Verb Create() => LifeCycleStep.Create(
        "close", "Ends an event before its time.", "closed", code => $"Close event {code}? Everybody in it is refused from now on.");
}
