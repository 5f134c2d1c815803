using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Portal.Events;

/// <summary>The steps of an event's life, its shared secret and its co-organisers. Each is in force on the data plane when it is answered.</summary>
internal static class EventLifeEndpoints
{
    public static void MapEventLife(this RouteGroupBuilder events)
    {
        MapStep(events, "open", "Open an event", (change, code) => change.Events.OpenAsync(code));
        MapStep(events, "pause", "Pause an open event", (change, code) => change.Events.PauseAsync(code));
        MapStep(events, "resume", "Resume a paused event", (change, code) => change.Events.ResumeAsync(code));
        MapStep(events, "close", "Close an event before its end", (change, code) => change.Events.CloseAsync(code));
        MapStep(events, "archive", "Archive a closed event", (change, code) => change.Events.ArchiveAsync(code));
        events.MapPost("/{code}/extend", ExtendAsync).WithSummary("Let an event last longer").WithDescription("To an end in wall time, or by a time such as 30s, 90m, 2h, 3d or 2w.").WithExample("""{"by": "2h"}""");
        events.MapPut("/{code}/shared-secret", SetSecretAsync).WithSummary("Set the shared secret").WithDescription("One is made up where none is given. It is shown this once.").WithExample("""{"sharedSecret": "open-sesame"}""");
        events.MapDelete("/{code}/shared-secret", RemoveSecretAsync).WithSummary("Remove the shared secret");
        events.MapPut("/{code}/organisers/{name}", AddOrganiserAsync).WithSummary("Add a co-organiser");
        events.MapDelete("/{code}/organisers/{name}", RemoveOrganiserAsync).WithSummary("Remove a co-organiser");
    }

    private static void MapStep(RouteGroupBuilder events, string step, string summary, Func<Change, EventCode, Task> make) =>
        events.MapPost($"/{{code}}/{step}", (string code, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation) =>
            ChangeAsync(code, who, changes, context, make, cancellation)).WithSummary(summary).WithName(step);

    private static Task<Ok<EventAnswer>> ExtendAsync(string code, ExtendBody body, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation) =>
        ChangeAsync(code, who, changes, context, (change, parsed) => (body.End, body.By) switch
        {
            ({ } end, null) => change.Events.ExtendToAsync(parsed, end),
            (null, { } by) => change.Events.ExtendByAsync(parsed, TimeText.Parse("By", by)),
            _ => throw new ChangeRefusedException("End", "give either an end or by how much."),
        }, cancellation);

    private static async Task<Ok<SecretAnswer>> SetSecretAsync(string code, SecretBody body, SignedIn who, Changes changes, CancellationToken cancellation) =>
        TypedResults.Ok(new SecretAnswer(await changes.MakeAsync(who.Actor, change => change.Events.SetSharedSecretAsync(Missing.EventCodeOrMissing(code), body.SharedSecret), cancellation)));

    private static Task<Ok<EventAnswer>> RemoveSecretAsync(string code, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation) =>
        ChangeAsync(code, who, changes, context, (change, parsed) => change.Events.RemoveSharedSecretAsync(parsed), cancellation);

    private static Task<Ok<EventAnswer>> AddOrganiserAsync(string code, string name, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation) =>
        ChangeAsync(code, who, changes, context, (change, parsed) => change.Events.AddOrganiserAsync(parsed, name), cancellation);

    private static Task<Ok<EventAnswer>> RemoveOrganiserAsync(string code, string name, SignedIn who, Changes changes, HttpContext context, CancellationToken cancellation) =>
        ChangeAsync(
            code, who, changes, context,
            async (change, parsed) =>
            {
                if (!await change.Events.RemoveOrganiserAsync(parsed, name))
                    throw Missing.Thing("co-organiser", name);
            },
            cancellation);

    private static async Task<Ok<EventAnswer>> ChangeAsync(
        string code, SignedIn who, Changes changes, HttpContext context, Func<Change, EventCode, Task> make, CancellationToken cancellation)
    {
        var parsed = Missing.EventCodeOrMissing(code);
        return TypedResults.Ok(await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                await make(change, parsed);
                return await EventEndpoints.AnswerAsync(change, parsed, who, context);
            },
            cancellation));
    }
}

/// <param name="End">The new end, as wall time in the event's zone.</param>
/// <param name="By">How much longer: such as 30s, 90m, 2h, 3d or 2w.</param>
internal sealed record ExtendBody(DateTime? End = null, string? By = null);

/// <param name="SharedSecret">6 to 128 visible characters; absent has one made up.</param>
internal sealed record SecretBody(string? SharedSecret = null);

/// <param name="SharedSecret">Shown this once.</param>
internal sealed record SecretAnswer(string SharedSecret);
