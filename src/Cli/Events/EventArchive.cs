using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventArchive
{
    public static Verb Create() => LifeCycleStep.Create(
        "archive", "Keeps an event for its reports only.", "archived", code => $"Archive event {code}? It cannot be opened again.");
}
