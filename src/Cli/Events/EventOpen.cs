using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventOpen
{
    public static Verb Create() => LifeCycleStep.Create("open", "Lets people in, from its start until its end.", "open");
}
