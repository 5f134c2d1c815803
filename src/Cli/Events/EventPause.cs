using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventPause
{
    public static Verb Create() => LifeCycleStep.Create("pause", "Lets nobody in until it is resumed; requests in flight finish, unless the event cuts them off.", "paused");
}
