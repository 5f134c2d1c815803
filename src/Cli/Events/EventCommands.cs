using System.CommandLine;

namespace OpenAIProxy.Cli.Events;

internal static class EventCommands
{
    public static Command Create() => new("event", "Events: who may call which models, from when until when.")
    {
        EventCreate.Create(), EventList.Create(), EventShow.Create(), EventEdit.Create(),
        EventOpen.Create(), EventPause.Create(), EventResume.Create(), EventExtend.Create(), EventClose.Create(), EventArchive.Create(),
        EventCopy.Create(), EventDelete.Create(),
        new Command("secret", "The shared secret that lets people in, where an event has one.") { EventSecretSet.Create(), EventSecretRemove.Create() },
        new Command("organiser", "Who may run an event besides its owner.") { EventOrganiserAdd.Create(), EventOrganiserRemove.Create() },
    };
}
