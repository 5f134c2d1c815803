using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Portal.Limits;

/// <summary>What one attendee has instead of everybody's cap.</summary>
internal static class RaisedCapEndpoints
{
    public static void MapRaisedCaps(this RouteGroupBuilder api)
    {
        var caps = api.MapGroup("/events/{code}/attendees/{id:long}/caps/{limit:long}").WithTags("Limits");
        caps.MapGet("", ShowAsync).WithSummary("Show a cap that was raised for an attendee");
        caps.MapPut("", PutAsync).WithSummary("Raise a cap for one attendee").WithDescription("Of a limit for each attendee. It counts where it is above the limit's own.").WithExample("""{"cap": 20000000}""");
        caps.MapDelete("", DeleteAsync).WithSummary("Take a raised cap back");
    }

    private static async Task<Ok<CapAnswer>> ShowAsync(string code, long id, long limit, SignedIn who, Reads reads, CancellationToken cancellation) =>
        TypedResults.Ok(await reads.ReadAsync(tables => FindAsync(tables, code, id, limit, who), cancellation));

    private static async Task<Ok<CapAnswer>> PutAsync(string code, long id, long limit, CapBody body, SignedIn who, Changes changes, CancellationToken cancellation) =>
        TypedResults.Ok(await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await RefuseStrangerAsync(change, code, id, who);
                await change.Limits.RaiseAsync(id, limit, body.Cap);
                return await FindAsync(change, code, id, limit, who);
            },
            cancellation));

    private static async Task<NoContent> DeleteAsync(string code, long id, long limit, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await FindAsync(change, code, id, limit, who);
                await change.Limits.RaiseAsync(id, limit, null);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<CapAnswer> FindAsync(Tables tables, string code, long id, long limit, SignedIn who)
    {
        await RefuseStrangerAsync(tables, code, id, who);
        return await tables.Attendees.GetAsync(id) is { } attendee && attendee.RaisedCaps.TryGetValue(limit, out var cap)
            ? new CapAnswer(limit, cap)
            : throw Missing.Thing("raised cap", limit);
    }

    // The id is an attendee's of this event, and the event is theirs to see.
    private static async Task RefuseStrangerAsync(Tables tables, string code, long id, SignedIn who) =>
        _ = await tables.Attendees.ShowAsync(Missing.EventCodeOrMissing(code), id, who.Viewer) ?? throw Missing.Thing("attendee", id);
}
