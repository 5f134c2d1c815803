using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Tokens;

internal static class TokenCreate
{
    public static Verb Create()
    {
        var name = Symbols.Text("NAME", "What it is for.");
        var role = Symbols.OneOf("--role", "What it may do. Default: organiser", "organiser", "administrator");
        var organiser = Symbols.Text("--organiser", "NAME", "Whose events it may run. Default: NAME");
        var expires = Symbols.Text("--expires", "WHEN", "After a duration (90d) or at a time on this machine's clock (2026-05-01T18:00). Default: never");
        return new("create", "Makes a token, and prints it this once.", "openai-proxy token create ada --expires 90d", async run =>
        {
            var chosen = run.Get(role) ?? "organiser";
            var time = run.Surroundings.Time;
            var body = new Body().Put("name", run.Need(name)).Put("role", chosen)
                .Put("organiser", run.Get(organiser) ?? (chosen == "organiser" ? run.Need(name) : null))
                .Put("expires", run.Get(expires) is { } when ? Moments.Future(when, "--expires", time.LocalTimeZone, time.GetUtcNow()) : null);
            var answer = await run.Api.PostAsync(ApiPath.Of($"tokens"), body.Json);
            return await run.SayAsync(answer, answer.Object["token"]?.ToString() ?? "");
        })
        {
            name, role, organiser, expires,
        };
    }
}
