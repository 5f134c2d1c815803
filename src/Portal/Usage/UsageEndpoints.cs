using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Ledger.Reports;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Portal.Usage;

/// <summary>What was used, added up: of an event, or of all that somebody sees.</summary>
internal static class UsageEndpoints
{
    private const string Description =
        "groupBy is event, attendee, model, operation, hour or day; groups add up to the total. Hours and days are those of the event's clock; from and to take the hours that begin in them. Cost is in micro-dollars.";

    public static void MapUsage(this RouteGroupBuilder api)
    {
        api.MapGet("/usage", SumAllAsync).WithTags("Usage").WithSummary("Add up what was used in all events").WithDescription(Description);
        api.MapGet("/events/{code}/usage", SumOfEventAsync).WithTags("Usage").WithSummary("Add up what was used in an event").WithDescription(Description);
    }

    private static Task<Ok<UsageAnswer>> SumAllAsync([AsParameters] UsageParameters asked, [AsParameters] SpanParameters span, SignedIn who, Reads reads, CancellationToken cancellation) =>
        SumAsync(asked.QueryOf(span), who, reads, cancellation);

    private static Task<Ok<UsageAnswer>> SumOfEventAsync(string code, [AsParameters] UsageParameters asked, [AsParameters] SpanParameters span, SignedIn who, Reads reads, CancellationToken cancellation) =>
        SumAsync(asked.QueryOf(span) with { Event = Missing.EventCodeOrMissing(code) }, who, reads, cancellation);

    private static async Task<Ok<UsageAnswer>> SumAsync(UsageQuery query, SignedIn who, Reads reads, CancellationToken cancellation) =>
        TypedResults.Ok(UsageAnswer.Of(await reads.ReadSettledAsync(
            async tables =>
            {
                await who.SeeAsync(tables, query.Event);
                return await tables.Usage.SumAsync(query, who.Viewer);
            },
            cancellation)));
}

/// <summary>What reports take in their query.</summary>
internal sealed class UsageParameters
{
    /// <summary>By what the use is parted; absent is the total alone.</summary>
    [FromQuery(Name = "groupBy")]
    public Word<UsageGrouping>? GroupBy { get; init; }

    /// <summary>Only this attendee, by id.</summary>
    [FromQuery(Name = "attendee")]
    public long? Attendee { get; init; }

    public UsageQuery QueryOf(SpanParameters span) => new() { GroupBy = GroupBy?.Value, Attendee = Attendee, From = span.From?.At, Until = span.To?.At };
}

/// <summary>What was used.</summary>
/// <param name="Groups">They add up to the total; none where nothing was said to group by.</param>
internal sealed record UsageAnswer(UsageSum Total, IReadOnlyList<UsageGroupAnswer> Groups)
{
    public static UsageAnswer Of(UsageView view) => new(view.Total, [.. view.Groups.Select(UsageGroupAnswer.Of)]);
}

/// <summary>What was used by one of the groups.</summary>
/// <param name="Key">An event's code, an attendee's id, a model's name, an operation, the first second of an hour in UTC, or a date.</param>
/// <param name="Name">An attendee's name, unless they were removed; null for all else.</param>
/// <param name="Cost">In micro-dollars.</param>
/// <param name="Estimated">How many of the requests were counted by the proxy, because the backend reported nothing.</param>
/// <param name="Unsettled">How many of the requests were charged whole, because the server died.</param>
internal sealed record UsageGroupAnswer(
    string Key, string? Name, long Requests, long Input, long CachedInput, long Output, long Reasoning, long Cost, long Estimated, long Unsettled)
{
    public static UsageGroupAnswer Of(UsageGroup group)
    {
        var sum = group.Sum;
        return new(group.Key, group.Name, sum.Requests, sum.Input, sum.CachedInput, sum.Output, sum.Reasoning, sum.Cost, sum.Estimated, sum.Unsettled);
    }
}
