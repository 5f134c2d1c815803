using System.CommandLine;

namespace OpenAIProxy.Cli.Attendees;

internal static class AttendeeCommands
{
    public static Command Create() => new("attendee", "The people of an event.")
    {
        AttendeeList.Create(), AttendeeShow.Create(), AttendeeBlock.Create(), AttendeeUnblock.Create(), AttendeeCap.Create(), AttendeeRemove.Create(),
    };
}
