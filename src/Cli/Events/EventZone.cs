using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Events;

/// <summary>The zone of an event, in which all its times are read and shown.</summary>
internal static class EventZone
{
    public static async Task<TimeZoneInfo> OfAsync(Invocation run, string code) =>
        Zones.Find((await run.Api.GetAsync(ApiPath.Of($"events/{code}"))).Object["timeZone"]?.ToString()) ?? TimeZoneInfo.Utc;
}
