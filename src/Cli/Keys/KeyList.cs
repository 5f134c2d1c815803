using OpenAIProxy.Cli.Attendees;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Events;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Keys;

internal static class KeyList
{
    private static readonly IReadOnlyList<Field> Fields =
    [
        Field.Text("Id", "id"), Field.Text("User", "user"), Field.Text("Hint", "hint"), Field.Text("State", "state"),
        Field.Time("Issued", "issuedAt"), Field.Time("Expires", "expiresAt"), Field.Time("Revoked", "revokedAt"),
    ];

    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var attendee = Symbols.Text("--attendee", "ATTENDEE", "Only the keys of this attendee: their user id, or their number as id:42.");
        var listing = new Listing([], canSearch: false)
            .Filter(Symbols.OneOf("--state", "Only keys in this state.", "active", "revoked", "expired"), "state");
        return listing.AddTo(new("list", "Lists the keys of an event: whose, and their last characters.", "openai-proxy key list hack --state active", async run =>
        {
            var id = run.Get(attendee) is { } named ? await AttendeeSymbols.IdOfAsync(run, run.Need(code), named) : null;
            var zone = run.Json ? null : await EventZone.OfAsync(run, run.Need(code));
            return await listing.PrintAsync(run, ApiPath.Of($"events/{run.Need(code)}/keys"), Fields, zone, ("attendee", id));
        })
        {
            code, attendee,
        });
    }
}
