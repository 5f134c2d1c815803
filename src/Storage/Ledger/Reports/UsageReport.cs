using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Storage.Ledger.Reports;

internal sealed class UsageReport(Reads reads) : IUsageReport
{
    public async ValueTask<IReadOnlyList<ModelUsage>> OfAttendeeAsync(long attendee, CancellationToken cancellation)
    {
        var query = new UsageQuery { Attendee = attendee, GroupBy = UsageGrouping.Model };
        var view = await reads.ReadSettledAsync(tables => tables.Usage.SumAsync(query, Viewer.Everybody), cancellation);
        return [.. view.Groups.Select(g => Of(g.Key, g.Sum))];
    }

    private static ModelUsage Of(string model, UsageSum sum) =>
        new(model, sum.Requests, new Usage(sum.Input, sum.CachedInput, sum.Output, sum.Reasoning), sum.Cost);
}
