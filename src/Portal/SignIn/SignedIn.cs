using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Portal.SignIn;

/// <summary>Who uses the management API.</summary>
/// <param name="Name">As the audit trail has it.</param>
/// <param name="Organiser">The organiser whose events they see; null where they see everything.</param>
internal sealed record SignedIn(string Name, string? Organiser)
{
    /// <summary>The claim that says whose events somebody sees.</summary>
    public const string OrganiserClaim = "organiser";

    public const string Administrator = "administrator";

    public Actor Actor => Organiser is null ? Actor.Administrator(Name) : Actor.Organiser(Name, Organiser);

    public Viewer Viewer => Actor.Viewer;

    /// <exception cref="ChangeRefusedException">There is no such event, or it is not theirs to see.</exception>
    public async Task<EventView> SeeAsync(Tables tables, EventCode code) => await tables.Events.ShowAsync(code, Viewer) ?? throw Missing.Thing("event", code.Value);

    /// <param name="code">Null is all events that they see.</param>
    /// <inheritdoc cref="SeeAsync(Tables, EventCode)"/>
    public Task SeeAsync(Tables tables, EventCode? code) => code is { } one ? SeeAsync(tables, one) : Task.CompletedTask;

    /// <summary>Lets endpoints take it as a parameter.</summary>
    public static ValueTask<SignedIn> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter) => ValueTask.FromResult(
        new SignedIn(
            context.User.Identity?.Name ?? throw new InvalidOperationException($"{parameter.Name} needs an endpoint that asks for a token."),
            context.User.FindFirstValue(OrganiserClaim)));
}
