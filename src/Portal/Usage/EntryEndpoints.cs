using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Ledger.Entries;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Portal.Usage;

/// <summary>What each request of an event used.</summary>
internal static class EntryEndpoints
{
    // Each is a moment in which the database is read.
    private const int RowsPerRead = 1_000;

    private const string Sorts = "Sorts by at (newest first is the default), cost, input or output. Cost is in micro-dollars.";
    private const string Rows = "As comma separated values, oldest first.";

    public static void MapEntries(this RouteGroupBuilder api)
    {
        api.MapGet("/entries", ListAllAsync).WithTags("Usage").WithSummary("List what each request of all events used").WithDescription(Sorts);
        api.MapGet("/entries.csv", DownloadAllAsync).WithTags("Usage").WithSummary("Download what each request of all events used").WithDescription(Rows)
            .Produces(StatusCodes.Status200OK, contentType: EntryCsv.ContentType);
        api.MapGet("/events/{code}/entries", ListAsync).WithTags("Usage").WithSummary("List what each request used").WithDescription(Sorts);
        api.MapGet("/events/{code}/entries.csv", DownloadAsync).WithTags("Usage").WithSummary("Download what each request used").WithDescription(Rows)
            .Produces(StatusCodes.Status200OK, contentType: EntryCsv.ContentType);
    }

    private static Task<Ok<Listed<EntryView>>> ListAllAsync(
        [AsParameters] ListParameters list, [AsParameters] EntryParameters asked, [AsParameters] SpanParameters span, SignedIn who, Reads reads, CancellationToken cancellation) =>
        PageAsync(asked.QueryOf(span), list, who, reads, cancellation);

    private static Task<Ok<Listed<EntryView>>> ListAsync(
        string code, [AsParameters] ListParameters list, [AsParameters] EntryParameters asked, [AsParameters] SpanParameters span, SignedIn who, Reads reads, CancellationToken cancellation) =>
        PageAsync(asked.QueryOf(span) with { Event = Missing.EventCodeOrMissing(code) }, list, who, reads, cancellation);

    private static async Task<Ok<Listed<EntryView>>> PageAsync(EntryQuery query, ListParameters list, SignedIn who, Reads reads, CancellationToken cancellation)
    {
        var paged = list.Of(query);
        var page = await reads.ReadSettledAsync(
            async tables =>
            {
                await who.SeeAsync(tables, paged.Event);
                return await tables.Entries.PageAsync(paged, who.Viewer);
            },
            cancellation);
        return TypedResults.Ok(page.Show(e => e));
    }

    private static Task DownloadAllAsync([AsParameters] EntryParameters asked, [AsParameters] SpanParameters span, SignedIn who, Reads reads, HttpContext context, CancellationToken cancellation) =>
        SendAsync(asked.QueryOf(span), "entries.csv", who, reads, context, cancellation);

    private static Task DownloadAsync(string code, [AsParameters] EntryParameters asked, [AsParameters] SpanParameters span, SignedIn who, Reads reads, HttpContext context, CancellationToken cancellation)
    {
        var parsed = Missing.EventCodeOrMissing(code);
        return SendAsync(asked.QueryOf(span) with { Event = parsed }, $"{parsed}-entries.csv", who, reads, context, cancellation);
    }

    // Everything that can be refused is so before the first byte. The rest is read while it is sent, so that no memory holds it all.
    private static async Task SendAsync(EntryQuery query, string fileName, SignedIn who, Reads reads, HttpContext context, CancellationToken cancellation)
    {
        var entries = await reads.ReadSettledAsync(
            async tables =>
            {
                await who.SeeAsync(tables, query.Event);
                return await tables.Entries.ListAsync(query, null, RowsPerRead, who.Viewer);
            },
            cancellation);
        context.Response.ContentType = EntryCsv.ContentType;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        await context.Response.WriteAsync(EntryCsv.Header, cancellation);
        while (entries.Count > 0)
        {
            await context.Response.WriteAsync(EntryCsv.Rows(entries), cancellation);
            var last = entries[^1];
            entries = await reads.ReadAsync(tables => tables.Entries.ListAsync(query, last, RowsPerRead, who.Viewer), cancellation);
        }
    }
}
