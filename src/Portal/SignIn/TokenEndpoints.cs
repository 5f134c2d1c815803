using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql.Access;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Portal.SignIn;

/// <summary>API tokens, for administrators, and who a token is.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this RouteGroupBuilder api)
    {
        api.MapGet("/whoami", (SignedIn who) => TypedResults.Ok(new WhoAmI(who.Name, who.Organiser is null ? ApiRole.Administrator : ApiRole.Organiser, who.Organiser)))
            .WithTags("Tokens").WithSummary("Who the token is");
        var tokens = api.MapGroup("/tokens").WithTags("Tokens").RequireAuthorization(SignedIn.Administrator);
        tokens.MapGet("", ListAsync).WithSummary("List tokens");
        tokens.MapPost("", IssueAsync).WithSummary("Make a token").WithDescription("It is shown this once.").WithExample("""{"name": "Olga's laptop", "role": "organiser", "organiser": "olga"}""");
        tokens.MapDelete("/{id:long}", RevokeAsync).WithSummary("Revoke a token");
    }

    private static async Task<Ok<Listed<TokenAnswer>>> ListAsync([AsParameters] ListParameters list, Reads reads, CancellationToken cancellation)
    {
        var query = list.Of(new TokenQuery());
        return TypedResults.Ok((await reads.ReadAsync(tables => tables.Tokens.PageAsync(query), cancellation)).Show(TokenAnswer.Of));
    }

    private static async Task<Created<IssuedTokenAnswer>> IssueAsync(TokenDefinition body, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        var issued = await changes.MakeAsync(who.Actor, change => change.Tokens.IssueAsync(body), cancellation);
        return TypedResults.Created((string?)null, new IssuedTokenAnswer(issued.View.Id, issued.Token, issued.View.Name, issued.View.Role, issued.View.Organiser, issued.View.Expires));
    }

    private static async Task<NoContent> RevokeAsync(long id, SignedIn who, Changes changes, CancellationToken cancellation)
    {
        await changes.MakeAsync(
            who.Actor,
            async change =>
            {
                _ = await change.Tokens.FindAsync(id) ?? throw Missing.Thing("token", id);
                await change.Tokens.RevokeAsync(id);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}

internal sealed record WhoAmI(string Name, ApiRole Role, string? Organiser);

/// <summary>A new token.</summary>
/// <param name="Token">Shown this once.</param>
internal sealed record IssuedTokenAnswer(long Id, string Token, string Name, ApiRole Role, string? Organiser, DateTimeOffset? ExpiresAt)
{
    // Records print their members; a token must not end up in a log that way.
    public override string ToString() => $"IssuedTokenAnswer({Id})";
}

/// <summary>What is known of a token: never the token.</summary>
internal sealed record TokenAnswer(
    long Id, string Name, ApiRole Role, string? Organiser, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, KeyState State)
{
    public static TokenAnswer Of(TokenView view) => new(view.Id, view.Name, view.Role, view.Organiser, view.Hint, view.CreatedAt, view.Expires, view.Revoked, view.State);
}
