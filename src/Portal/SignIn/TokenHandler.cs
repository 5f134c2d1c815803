using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Portal.SignIn;

/// <summary>Recognises the admin token and API tokens, sent as <c>Authorization: Bearer</c>.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AdminToken adminToken, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult(AuthenticateResult.NoResult());
        var text = header[Prefix.Length..].Trim();
        if (adminToken.Matches(text))
            return Task.FromResult(Administrator("admin"));
        return Task.FromResult(tokens.Find(text) switch
        {
            { Role: ApiRole.Administrator } token => Administrator(token.Name),
            { Role: ApiRole.Organiser, Organiser: { } organiser } token => Known(token.Name, new Claim(SignedIn.OrganiserClaim, organiser)),
            // Of a role that a later version has given it, too: what is not understood opens nothing.
            _ => AuthenticateResult.Fail("The token is not known here."),
        });
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return Problem.WriteAsync(Context, StatusCodes.Status401Unauthorized, "not_signed_in", Request.Headers.Authorization.Count > 1
            ? "The header 'Authorization' stands in the request more than once. Send it once, with one token."
            : "Send a valid token as 'Authorization: Bearer TOKEN'. The admin token lies in the file admin-token of the data directory.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem.WriteAsync(Context, StatusCodes.Status403Forbidden, "not_allowed", "This token is an organiser's; only an administrator's may do this.");

    private static AuthenticateResult Administrator(string name) => Known(name, new Claim(ClaimTypes.Role, SignedIn.Administrator));

    private static AuthenticateResult Known(string name, Claim what)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name), what], SchemeName, ClaimTypes.Name, ClaimTypes.Role);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
