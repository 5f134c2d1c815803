using System.CommandLine;

namespace OpenAIProxy.Cli.Limits;

internal static class LimitCommands
{
    public static Command Create() => new("limit", "How much an event's attendees may use.")
    {
        LimitList.Create(), LimitAdd.Create(), LimitEdit.Create(), LimitRemove.Create(),
    };
}
