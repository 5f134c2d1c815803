using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Usage;

/// <summary>Has the server count everything again.</summary>
internal static class LedgerVerify
{
    // Millions of entries are counted in seconds; who waits longer than this waits for a server that hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public static Verb Create() => new(
        "verify",
        "Has the running server count every account and total again, from the entries and the requests on their way, and compares.",
        "openai-proxy ledger verify",
        async run =>
        {
            var answer = await WaitAsync(run, run.Api.PostAsync(ApiPath.Of($"ledger/verify"), patience: Patience));
            var differences = answer.Object["differences"] as JsonArray ?? [];
            if (run.Json)
                await run.PrintAsync(answer.Text);
            else if (differences.Count == 0)
                await run.PrintAsync(Counted(answer.Object));
            foreach (var difference in run.Json ? [] : differences)
                await run.PrintAsync(Printable.From(difference?.ToString() ?? ""));
            return differences.Count == 0 ? ExitCode.Ok : ExitCode.Differs;
        });

    private static string Counted(JsonObject found) =>
        $"All is well: {found["entries"]} entries, {found["totals"]} totals, {found["accounts"]} accounts, {found["openReservations"]} requests on their way.";

    private static async Task<Answer> WaitAsync(Invocation run, Task<Answer> answer)
    {
        var time = run.Surroundings.Time;
        using var progress = new Progress(run.Terminal);
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var start = time.GetTimestamp();
        while (await Task.WhenAny(answer, second.WaitForNextTickAsync(run.Cancellation).AsTask()) != answer)
            await progress.ShowAsync($"Counting… {time.GetElapsedTime(start).TotalSeconds:N0} s");
        return await answer;
    }
}
