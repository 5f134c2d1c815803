using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Portal.Versions;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Portal.Events;

/// <summary>Events: make, list, show, change, delete, copy.</summary>
internal static class EventEndpoints
{
    private const string Example = """
        {"code": "hackathon", "name": "Spring hackathon", "organiser": {"name": "Olga", "email": "olga@example.org"},
         "start": "2026-05-01T09:00", "end": "2026-05-03T18:00", "timeZone": "Europe/Berlin",
         "models": ["gpt-4o"], "defaults": {"chatCompletions": "gpt-4o"}, "state": "open"}
        """;

    public static void MapEvents(this RouteGroupBuilder api)
    {
        var events = api.MapGroup("/events").WithTags("Events");
        events.MapGet("", ListAsync).WithSummary("List events").WithDescription("Sorts by code, name, start (the default), end, createdAt or changedAt.");
        events.MapPost("", AddAsync).WithSummary("Make an event").WithDescription("Without limits it gets those that new events have.").WithExample(Example);
        events.MapGet("/{code}", ShowAsync).WithSummary("Show an event");
        events.MapPatch("/{code}", ChangeAsync).WithSummary("Change an event").WithDescription("Fields that are absent stay as they are. Needs If-Match.").NeedsIfMatch().WithExample("""{"outputCap": 2048}""");
        events.MapDelete("/{code}", DeleteAsync).WithSummary("Delete an event that nobody has come to").WithDescription("Needs If-Match.").NeedsIfMatch();
        events.MapPost("/{code}/copy", CopyAsync).WithSummary("Copy an event into a new draft").WithExample("""{"code": "hackathon-2", "start": "2026-06-01T09:00", "end": "2026-06-03T18:00"}""");
        events.MapEventLife();
    }

    public static async Task<EventAnswer> AnswerAsync(Tables tables, EventCode code, SignedIn who, HttpContext context)
    {
        var view = await who.SeeAsync(tables, code);
        ETag.Set(context, view.Version);
        return new EventAnswer(view);
    }

    private static async Task<Ok<Listed<EventAnswer>>> ListAsync([AsParameters] ListParameters list, Word<EventState>? state, string? owner, SignedIn who, Reads reads, CancellationToken cancellation)
    {
        var query = list.Of(new EventQuery { State = state?.Value, Owner = owner });
        var page = await reads.ReadAsync(tables => tables.Events.PageAsync(query, who.Viewer), cancellation);
        return TypedResults.Ok(page.Show(v => new EventAnswer(v)));
    }

    private static async Task<Created<EventAnswer>> AddAsync(NewEventBody body, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation)
    {
        if (body.State is not (EventState.Draft or EventState.Open))
            throw new ChangeRefusedException("State", "a new event is a draft or open.");
        var answer = await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await change.Events.AddAsync(body.ToDefinition(), who.Organiser);
                var code = EventCode.Parse(body.Code);
                foreach (var limit in body.ToLimits())
                    await change.Limits.AddAsync(code, limit);
                return await AnswerAsync(change, code, who, context);
            },
            cancellation);
        return TypedResults.Created($"/api/events/{answer.Code}", answer);
    }

    private static async Task<Ok<EventAnswer>> ShowAsync(string code, SignedIn who, Reads reads, HttpContext context, CancellationToken cancellation) =>
        TypedResults.Ok(await reads.ReadAsync(tables => AnswerAsync(tables, Missing.EventCodeOrMissing(code), who, context), cancellation));

    private static async Task<Ok<EventAnswer>> ChangeAsync(
        string code, JsonElement patch, SignedIn who, Changes changes, HttpContext context, IOptions<JsonOptions> json, CancellationToken cancellation)
    {
        var (parsed, expected) = (Missing.EventCodeOrMissing(code), ETag.Expected(context));
        return TypedResults.Ok(await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                var view = await who.SeeAsync(change, parsed);
                var body = MergePatch.Apply(EventBody.Of(view.Definition), patch, json.Value.SerializerOptions);
                if (!EventCode.TryParse(body.Code, out var newCode) || newCode != parsed)
                    throw new ChangeRefusedException("Code", "an event keeps its code: copy it under another one.");
                if (body.State != view.Definition.State)
                    throw new ChangeRefusedException("State", "it is changed by open, pause, resume, close and archive.");
                await change.Events.PutAsync(body.ToDefinition(), expected);
                return await AnswerAsync(change, parsed, who, context);
            },
            cancellation));
    }

    private static async Task<NoContent> DeleteAsync(string code, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation)
    {
        var (parsed, expected) = (Missing.EventCodeOrMissing(code), ETag.Expected(context));
        await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                if (!await change.Events.DeleteAsync(parsed, expected))
                    throw Missing.Thing("event", code);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Created<EventAnswer>> CopyAsync(string code, CopyBody copy, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation)
    {
        var answer = await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await change.Events.CopyAsync(Missing.EventCodeOrMissing(code), copy.Code, copy.Name, copy.Start, copy.End, who.Organiser);
                return await AnswerAsync(change, EventCode.Parse(copy.Code), who, context);
            },
            cancellation);
        return TypedResults.Created($"/api/events/{answer.Code}", answer);
    }
}

/// <summary>What is different in the copy; the rest is as in the event that is copied.</summary>
/// <param name="Code">The new event's code.</param>
internal sealed record CopyBody(string Code, string? Name = null, DateTime? Start = null, DateTime? End = null);
