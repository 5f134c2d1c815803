using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventResume
{
    public static Verb Create() => LifeCycleStep.Create("resume", "Lets people in again.", "resumed");
}
