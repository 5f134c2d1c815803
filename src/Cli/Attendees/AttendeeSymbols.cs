using System.CommandLine;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Attendees;

/// <summary>
/// How a command finds one attendee: by the user id that the server knows them by, exactly, or by a number that is written as one.
/// A bare number is a user id like any other: people do call themselves 42, and who has row 42 must not suffer for it.
/// </summary>
internal static class AttendeeSymbols
{
    private const string IdPrefix = "id:";

    public static Argument<string> Attendee() =>
        Symbols.Text("ATTENDEE", "The attendee's user id, as they write it; or their number (see attendee list), written as id:42.");

    public static async Task<Answer> FindAsync(Invocation run, string code, string attendee) =>
        await run.Api.GetAsync(ApiPath.Of($"events/{code}/attendees/{await IdOfAsync(run, code, attendee)}"));

    /// <exception cref="CommandFailedException">Nobody in that event has that user id.</exception>
    public static async Task<string> IdOfAsync(Invocation run, string code, string attendee)
    {
        if (IdIn(attendee) is { } id)
            return id;
        var found = await run.Api.GetAsync(ApiPath.Of($"events/{code}/attendees") + $"?user={Uri.EscapeDataString(attendee)}");
        return found.Items.FirstOrDefault()?["id"]?.ToString() ?? throw new CommandFailedException(
            ExitCode.Refused,
            $"Nobody in {code} is called '{Printable.From(attendee)}'. See openai-proxy attendee list {code}; "
                + $"an id is written as {IdPrefix}{(IsNumber(attendee) ? attendee : "42")}.");
    }

    /// <returns>Null where the text is no id but a user id.</returns>
    public static string? IdIn(string attendee) =>
        attendee.StartsWith(IdPrefix, StringComparison.Ordinal) && IsNumber(attendee[IdPrefix.Length..]) ? attendee[IdPrefix.Length..] : null;

    public static string PathOf(string code, Answer attendee) => ApiPath.Of($"events/{code}/attendees/{attendee.Object["id"]}");

    /// <summary>Whom the server found, which may not be what was typed.</summary>
    public static string Words(Answer attendee) => $"{attendee.Object["name"]} (id {attendee.Object["id"]})";

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
