using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli;

internal static class WhoAmI
{
    public static Verb Create() => new("whoami", "Says whose token this is and what it may do.", "openai-proxy whoami", async run =>
    {
        var answer = await run.Api.GetAsync(ApiPath.Of($"whoami"));
        return await run.ShowAsync(answer, [Field.Text("Name", "name"), Field.Text("Role", "role"), Field.Text("Organiser", "organiser")]);
    });
}
