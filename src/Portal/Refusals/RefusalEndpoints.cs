using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Refusals;

namespace OpenAIProxy.Portal.Refusals;

/// <summary>How often requests were refused, and why: in an event, or in all that somebody sees.</summary>
internal static class RefusalEndpoints
{
    private const string Description =
        "groupBy is reason (the refusal's code; the default) or event, interval is minute (of 7 days at most), hour or day of the event's clock; with an interval alone it is parted by time alone. "
        + "In the order of time, else the most frequent first. from and to take the minutes that begin in them. What a backend refused or broke is not counted here.";

    public static void MapRefusals(this RouteGroupBuilder api)
    {
        api.MapGet("/refusals", SumAllAsync).WithTags("Refusals").WithSummary("Count what was refused in all events")
            .WithDescription(Description + " To administrators the empty event is where nobody knows whose request it was, such as one with a wrong key.");
        api.MapGet("/events/{code}/refusals", SumOfEventAsync).WithTags("Refusals").WithSummary("Count what was refused in an event").WithDescription(Description);
    }

    private static Task<Ok<RefusalAnswer>> SumAllAsync(
        [AsParameters] RefusalParameters asked, [AsParameters] SpanParameters span, SignedIn who, Reads reads, CancellationToken cancellation) =>
        SumAsync(asked.QueryOf(span), who, reads, cancellation);

    private static Task<Ok<RefusalAnswer>> SumOfEventAsync(
        string code, [AsParameters] RefusalParameters asked, [AsParameters] SpanParameters span, SignedIn who, Reads reads, CancellationToken cancellation) =>
        SumAsync(asked.QueryOf(span) with { Event = Missing.EventCodeOrMissing(code) }, who, reads, cancellation);

    private static async Task<Ok<RefusalAnswer>> SumAsync(RefusalQuery query, SignedIn who, Reads reads, CancellationToken cancellation) =>
        TypedResults.Ok(RefusalAnswer.Of(await reads.ReadCountedAsync(
            async tables =>
            {
                await who.SeeAsync(tables, query.Event);
                return await tables.Refusals.SumAsync(query, who.Viewer);
            },
            cancellation)));
}

/// <summary>What counts of refusals take in their query.</summary>
internal sealed class RefusalParameters
{
    /// <summary>By what they are parted, besides time: reason or event.</summary>
    [FromQuery(Name = "groupBy")]
    public Word<RefusalGrouping>? GroupBy { get; init; }

    /// <summary>By which stretches of time they are parted; absent is not at all.</summary>
    [FromQuery(Name = "interval")]
    public Word<RefusalInterval>? Interval { get; init; }

    /// <summary>Only those of this code.</summary>
    [FromQuery(Name = "reason")]
    public string? Reason { get; init; }

    /// <summary>Which part of the list, from 1; default 1.</summary>
    [FromQuery(Name = "page")]
    public int? Page { get; init; }

    /// <summary>How many items a part has, 1 to 500; default 50.</summary>
    [FromQuery(Name = "pageSize")]
    public int? PageSize { get; init; }

    public RefusalQuery QueryOf(SpanParameters span) => new()
    {
        GroupBy = GroupBy?.Value ?? (Interval is null ? RefusalGrouping.Reason : null),
        Interval = Interval?.Value,
        Reason = Reason,
        From = span.From?.At,
        Until = span.To?.At,
        Page = Page ?? 1,
        PageSize = PageSize ?? 50,
    };
}

/// <summary>A part of the list of counts.</summary>
/// <param name="Total">How many items the whole list has.</param>
/// <param name="Page">Which part this is, from 1.</param>
/// <param name="PageSize">How many items a part has at most.</param>
/// <param name="Count">How many refusals there are in the whole list.</param>
internal sealed record RefusalAnswer(IReadOnlyList<RefusalGroup> Items, long Total, int Page, int PageSize, long Count)
{
    public static RefusalAnswer Of(RefusalView view) => new(view.Groups.Items, view.Groups.Total, view.Groups.Number, view.Groups.Size, view.Count);
}
