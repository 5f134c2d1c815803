using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Portal.Audit;

/// <summary>Who changed what, and when: all of it for administrators, their own events for organisers.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder api) =>
        api.MapGet("/audit", ListAsync).WithTags("Audit").WithSummary("List changes, newest first").WithDescription("Secrets are masked.");

    private static async Task<Ok<Listed<AuditAnswer>>> ListAsync(
        [AsParameters] ListParameters list, string? actor, Word<AuditKind>? kind, string? name, string? @event, Moment? since, Moment? until,
        SignedIn who, Reads reads, CancellationToken cancellation)
    {
        var query = list.Of(new AuditQuery { Actor = actor, Kind = kind?.Value, Name = name, Event = @event, Since = since?.At, Until = until?.At });
        return TypedResults.Ok((await reads.ReadAsync(tables => tables.Audit.PageAsync(query, who.Viewer), cancellation)).Show(AuditAnswer.Of));
    }
}

/// <summary>One change.</summary>
/// <param name="Before">Of a change the fields that changed, of a deletion all; null where there was nothing.</param>
internal sealed record AuditAnswer(long Id, DateTimeOffset At, string Actor, AuditAction Action, AuditKind Kind, string Name, string? Event, JsonElement? Before, JsonElement? After)
{
    public static AuditAnswer Of(AuditView view) => new(view.Id, view.At, view.Actor, view.Action, view.Kind, view.Name, view.Event, Json(view.Before), Json(view.After));

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}
