using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Refusals;
using OpenAIProxy.Storage.Sql.Access;
using OpenAIProxy.Storage.Sql.Limits;

namespace OpenAIProxy.Portal.Attendees;

/// <summary>Who takes part in an event.</summary>
internal static class AttendeeEndpoints
{
    public static void MapAttendees(this RouteGroupBuilder api)
    {
        var attendees = api.MapGroup("/events/{code}/attendees").WithTags("Attendees");
        attendees.MapGet("", ListAsync).WithSummary("List attendees").WithDescription("Sorts by name or enteredAt (the default). user finds the one who has exactly that user id, also where only its hash is kept.");
        attendees.MapGet("/{id:long}", ShowAsync).WithSummary("Show an attendee");
        attendees.MapPost("/{id:long}/block", BlockAsync).WithSummary("Block an attendee");
        attendees.MapPost("/{id:long}/unblock", UnblockAsync).WithSummary("Let a blocked attendee in again");
        attendees.MapDelete("/{id:long}", RemoveAsync).WithSummary("Remove an attendee").WithDescription("Their keys stop working and their name is forgotten. The same name may come again as somebody new.");
    }

    private static async Task<Ok<Listed<AttendeeAnswer>>> ListAsync(string code, [AsParameters] ListParameters list, bool? blocked, string? user, SignedIn who, Reads reads, CancellationToken cancellation)
    {
        var query = list.Of(new AttendeeQuery { IsBlocked = blocked, User = user });
        var parsed = Missing.EventCodeOrMissing(code);
        var page = await reads.ReadCountedAsync(
            async tables =>
            {
                await who.SeeAsync(tables, parsed);
                return await tables.Attendees.PageAsync(parsed, query, who.Viewer);
            },
            cancellation);
        return TypedResults.Ok(page.Show(AttendeeAnswer.Of));
    }

    private static async Task<Ok<AttendeeAnswer>> ShowAsync(string code, long id, SignedIn who, Reads reads, CancellationToken cancellation) =>
        TypedResults.Ok(await reads.ReadCountedAsync(tables => FindAsync(tables, code, id, who), cancellation));

    private static Task<Ok<AttendeeAnswer>> BlockAsync(string code, long id, SignedIn who, Changes changes, CancellationToken cancellation) =>
        ChangeAsync(code, id, who, changes, change => change.Attendees.BlockAsync(id), cancellation);

    private static Task<Ok<AttendeeAnswer>> UnblockAsync(string code, long id, SignedIn who, Changes changes, CancellationToken cancellation) =>
        ChangeAsync(code, id, who, changes, change => change.Attendees.UnblockAsync(id), cancellation);

    private static async Task<NoContent> RemoveAsync(string code, long id, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await FindAsync(change, code, id, who);
                await change.Attendees.RemoveAsync(id);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<AttendeeAnswer>> ChangeAsync(string code, long id, SignedIn who, Changes changes, Func<Change, Task> make, CancellationToken cancellation) =>
        TypedResults.Ok(await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                // The id is an attendee's of this event, and the event is theirs to see.
                await FindAsync(change, code, id, who);
                await make(change);
                return await FindAsync(change, code, id, who);
            },
            cancellation));

    private static async Task<AttendeeAnswer> FindAsync(Tables tables, string code, long id, SignedIn who) =>
        AttendeeAnswer.Of(await tables.Attendees.ShowAsync(Missing.EventCodeOrMissing(code), id, who.Viewer) ?? throw Missing.Thing("attendee", id));
}

/// <summary>An attendee.</summary>
/// <param name="Name">Their user id, or its hash where the event hides user ids.</param>
/// <param name="ByCode">Whether they came in by the event's code, and count against its cap.</param>
/// <param name="KeyCount">Keys that work.</param>
/// <param name="RaisedCaps">What they have instead of everybody's caps.</param>
/// <param name="LastRefusal">The last time that they were refused: when, by which code, with which words and which request id. Null where there is none.</param>
internal sealed record AttendeeAnswer(
    long Id, string Name, bool IsBlocked, bool ByCode, DateTimeOffset EnteredAt, long KeyCount, IReadOnlyList<RaisedCap> RaisedCaps, LastRefusal? LastRefusal)
{
    public static AttendeeAnswer Of(AttendeeView view) =>
        new(view.Id, view.Name, view.IsBlocked, view.ByCode, view.EnteredAt, view.KeyCount, view.RaisedCaps, view.LastRefusal);
}
