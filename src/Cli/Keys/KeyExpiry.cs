using System.CommandLine;
using OpenAIProxy.Cli.Events;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Keys;

internal static class KeyExpiry
{
    public static Option<string> Option() => Symbols.Text("--expires", "WHEN", "After a duration (3d) or at a time in the event's zone (2026-05-01T18:00). Default: with the event.");

    public static async Task<string?> ReadAsync(Invocation run, Option<string> option, string code) => run.Get(option) is { } when
        ? Moments.Future(when, "--expires", await EventZone.OfAsync(run, code), run.Surroundings.Time.GetUtcNow())
        : null;
}
