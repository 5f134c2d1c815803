using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Portal.Versions;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Portal.Limits;

/// <summary>How much an event's attendees may use. What is used stays, whatever becomes of a limit.</summary>
internal static class LimitEndpoints
{
    public static void MapLimits(this RouteGroupBuilder api)
    {
        var limits = api.MapGroup("/events/{code}/limits").WithTags("Limits");
        limits.MapGet("", ListAsync).WithSummary("List an event's limits").WithDescription("All of them, in the order in which they were added.");
        limits.MapPost("", AddAsync).WithSummary("Add a limit").WithDescription("It begins with what has been used already. Money is in micro-dollars.").WithExample("""{"scope": "attendee", "unit": "money", "window": "day", "cap": 5000000}""");
        limits.MapGet("/{id:long}", ShowAsync).WithSummary("Show a limit");
        limits.MapPatch("/{id:long}", ChangeAsync).WithSummary("Change a limit's cap").WithDescription("Needs If-Match.").NeedsIfMatch().WithExample("""{"cap": 10000000}""");
        limits.MapDelete("/{id:long}", DeleteAsync).WithSummary("Remove a limit").WithDescription("Needs If-Match.").NeedsIfMatch();
    }

    private static async Task<Ok<Listed<LimitAnswer>>> ListAsync(string code, SignedIn who, Reads reads, HttpContext context, CancellationToken cancellation)
    {
        var limits = await reads.ReadAsync(tables => AllAsync(tables, Missing.EventCodeOrMissing(code), who, context), cancellation);
        return TypedResults.Ok(new Listed<LimitAnswer>(limits, limits.Count, 1, limits.Count));
    }

    private static async Task<Created<LimitAnswer>> AddAsync(string code, LimitBody body, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation)
    {
        var parsed = Missing.EventCodeOrMissing(code);
        var answer = await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await who.SeeAsync(change, parsed);
                return await FindAsync(change, parsed, await change.Limits.AddAsync(parsed, body.ToLimit()), who, context);
            },
            cancellation);
        return TypedResults.Created($"/api/events/{parsed}/limits/{answer.Id}", answer);
    }

    private static async Task<Ok<LimitAnswer>> ShowAsync(string code, long id, SignedIn who, Reads reads, HttpContext context, CancellationToken cancellation) =>
        TypedResults.Ok(await reads.ReadAsync(tables => FindAsync(tables, Missing.EventCodeOrMissing(code), id, who, context), cancellation));

    private static async Task<Ok<LimitAnswer>> ChangeAsync(
        string code, long id, CapBody body, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation)
    {
        var (parsed, expected) = (Missing.EventCodeOrMissing(code), ETag.Expected(context));
        return TypedResults.Ok(await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await who.SeeAsync(change, parsed);
                if (!await change.Limits.SetCapAsync(parsed, id, body.Cap, expected))
                    throw Missing.Thing("limit", id);
                return await FindAsync(change, parsed, id, who, context);
            },
            cancellation));
    }

    private static async Task<NoContent> DeleteAsync(string code, long id, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation)
    {
        var (parsed, expected) = (Missing.EventCodeOrMissing(code), ETag.Expected(context));
        await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await who.SeeAsync(change, parsed);
                if (!await change.Limits.DeleteAsync(parsed, id, expected))
                    throw Missing.Thing("limit", id);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<LimitAnswer> FindAsync(Tables tables, EventCode code, long id, SignedIn who, HttpContext context) =>
        (await AllAsync(tables, code, who, context)).FirstOrDefault(l => l.Id == id) ?? throw Missing.Thing("limit", id);

    private static async Task<List<LimitAnswer>> AllAsync(Tables tables, EventCode code, SignedIn who, HttpContext context)
    {
        var view = await who.SeeAsync(tables, code);
        ETag.Set(context, view.Version);
        return [.. view.Limits.Select(l => new LimitAnswer(l, view.Version))];
    }
}
