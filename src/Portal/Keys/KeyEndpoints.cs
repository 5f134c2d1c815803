using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql.Access;

namespace OpenAIProxy.Portal.Keys;

/// <summary>Keys of attendees. A key is shown once, in the answer that made it.</summary>
internal static class KeyEndpoints
{
    private static readonly string DefaultGrace = "24h";

    public static void MapKeys(this RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/events/{code}/keys").WithTags("Keys");
        keys.MapGet("", ListAsync).WithSummary("List keys").WithDescription("Sorts by issuedAt (the default), user or expiresAt.");
        keys.MapPost("", IssueAsync).WithSummary("Issue a key").WithDescription("Makes an attendee of the user, where there is none.").WithExample("""{"user": "ann", "expires": "2090-05-04T00:00:00Z"}""");
        keys.MapPost("/batch", IssueManyAsync).WithSummary("Issue keys for many people").WithDescription("At most 5,000; all or none.").WithExample("""{"users": ["ann", "bob"]}""");
        keys.MapPost("/{id:long}/rotate", RotateAsync).WithSummary("Replace a key").WithDescription("The old one works until the grace period is over (default 24h; 0s is at once).").WithExample("""{"grace": "2h"}""");
        keys.MapDelete("/{id:long}", RevokeAsync).WithSummary("Revoke a key");
    }

    private static async Task<Ok<Listed<KeyAnswer>>> ListAsync(string code, [AsParameters] ListParameters list, long? attendee, Word<KeyState>? state, SignedIn who, Reads reads, CancellationToken cancellation)
    {
        var query = list.Of(new KeyQuery { AttendeeId = attendee, State = state?.Value });
        var parsed = Missing.EventCodeOrMissing(code);
        var page = await reads.ReadAsync(
            async tables =>
            {
                await who.SeeAsync(tables, parsed);
                return await tables.Keys.PageAsync(parsed, query, who.Viewer);
            },
            cancellation);
        return TypedResults.Ok(page.Show(KeyAnswer.Of));
    }

    private static async Task<Created<IssuedKeyAnswer>> IssueAsync(string code, IssueBody body, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        var issued = await changes.MakeAsync(who.Actor, change => change.Keys.IssueOneAsync(Missing.EventCodeOrMissing(code), body.User, body.Expires), cancellation);
        return TypedResults.Created((string?)null, IssuedKeyAnswer.Of(issued));
    }

    private static async Task<Created<IssuedKeys>> IssueManyAsync(string code, IssueManyBody body, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        var issued = await changes.MakeAsync(who.Actor, change => change.Keys.IssueManyAsync(Missing.EventCodeOrMissing(code), body.Users, body.Expires), cancellation);
        return TypedResults.Created((string?)null, new IssuedKeys([.. issued.Select(IssuedKeyAnswer.Of)]));
    }

    private static async Task<Created<IssuedKeyAnswer>> RotateAsync(string code, long id, RotateBody body, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        var issued = await changes.MakeAsync(
            who.Actor, change => change.Keys.RotateAsync(Missing.EventCodeOrMissing(code), id, TimeText.Parse("Grace", body.Grace ?? DefaultGrace)), cancellation);
        return TypedResults.Created((string?)null, IssuedKeyAnswer.Of(issued));
    }

    private static async Task<NoContent> RevokeAsync(string code, long id, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                var parsed = Missing.EventCodeOrMissing(code);
                _ = await change.Keys.ShowAsync(parsed, id, who.Viewer) ?? throw Missing.Thing("key", id);
                await change.Keys.RevokeAsync(parsed, id);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}

/// <param name="User">A user id: 1 to 128 characters.</param>
/// <param name="Expires">When it stops working; absent is with the event.</param>
internal sealed record IssueBody(string User, DateTimeOffset? Expires = null);

internal sealed record IssueManyBody(IReadOnlyList<string> Users, DateTimeOffset? Expires = null);

/// <param name="Grace">How long the old key goes on working: such as 0s, 90m, 2h, 3d or 2w.</param>
internal sealed record RotateBody(string? Grace = null);

internal sealed record IssuedKeys(IReadOnlyList<IssuedKeyAnswer> Items);

/// <summary>A new key.</summary>
/// <param name="Key">Shown this once.</param>
internal sealed record IssuedKeyAnswer(long Id, string Key, long AttendeeId, string User, string Hint, DateTimeOffset IssuedAt, DateTimeOffset? ExpiresAt)
{
    public static IssuedKeyAnswer Of(IssuedKey issued) => new(issued.Id, issued.Key, issued.AttendeeId, issued.User, issued.Hint, issued.Issued, issued.Expires);

    // Records print their members; a key must not end up in a log that way.
    public override string ToString() => $"IssuedKeyAnswer({Id})";
}

/// <summary>What is known of a key: never the key.</summary>
/// <param name="Hint">Its last 4 characters.</param>
internal sealed record KeyAnswer(
    long Id, long AttendeeId, string? User, string Hint, DateTimeOffset IssuedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, KeyState State)
{
    public static KeyAnswer Of(KeyView view) => new(view.Id, view.AttendeeId, view.User, view.Hint, view.Issued, view.Expires, view.Revoked, view.State);
}
