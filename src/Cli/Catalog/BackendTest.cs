using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Catalog;

/// <summary>Makes a real call through the server, which is where it must work, and says in words what is wrong.</summary>
internal static class BackendTest
{
    public static Verb Create()
    {
        var name = Symbols.Text("NAME", "The backend's name.");
        var deployment = Symbols.Text("--deployment", "NAME", "Which deployment to call. Default: one of its own.");
        var operation = Symbols.OneOf("--operation", "What to call it for.", "chatCompletions", "completions", "embeddings");
        return new("test", "Makes a small real call and says what is wrong, if anything is.", "openai-proxy backend test azure", async run =>
        {
            Answer answer;
            using (var progress = new Progress(run.Terminal))
            {
                await progress.ShowAsync($"Calling {run.Need(name)}…");
                var body = new Body().Put("deployment", run.Get(deployment)).Put("operation", run.Get(operation));
                answer = await run.Api.PostAsync(ApiPath.Of($"backends/{run.Need(name)}/test"), body.Json);
            }
            var isWell = answer.Object["ok"]?.GetValue<bool>() == true;
            var said = isWell
                ? $"{run.Need(name)} answers, in {answer.Object["milliseconds"]} ms. {answer.Object["message"]}".TrimEnd()
                : $"{run.Need(name)} does not answer ({answer.Object["step"]}): {answer.Object["message"]}";
            await run.SayAsync(answer, said);
            return isWell ? ExitCode.Ok : ExitCode.Refused;
        })
        {
            name, deployment, operation,
        };
    }
}
