namespace OpenAIProxy.Storage.Ledger.Reports;

/// <summary>What was used, all together and in groups that add up to it.</summary>
public sealed record UsageView(UsageSum Total, IReadOnlyList<UsageGroup> Groups);

/// <summary>What was used by one of what was asked for.</summary>
/// <param name="Key">An event's code, an attendee's id, a model's name, an operation's word, an hour's first second (RFC 3339, in UTC) or a date.</param>
/// <param name="Name">An attendee's name, unless they were removed; null for all else.</param>
public sealed record UsageGroup(string Key, string? Name, UsageSum Sum);

/// <summary>A sum of settlements.</summary>
/// <param name="Requests">Without those that no backend took.</param>
/// <param name="CachedInput">Of the input.</param>
/// <param name="Reasoning">Of the output.</param>
/// <param name="Cost">In micro-dollars.</param>
/// <param name="Estimated">How many of the requests were counted here, because the backend reported nothing.</param>
/// <param name="Unsettled">How many of the requests were charged whole, because the server died.</param>
public sealed record UsageSum(long Requests, long Input, long CachedInput, long Output, long Reasoning, long Cost, long Estimated, long Unsettled)
{
    public static readonly UsageSum None = new(0, 0, 0, 0, 0, 0, 0, 0);

    public static UsageSum operator +(UsageSum one, UsageSum other) => new(
        one.Requests + other.Requests,
        one.Input + other.Input,
        one.CachedInput + other.CachedInput,
        one.Output + other.Output,
        one.Reasoning + other.Reasoning,
        one.Cost + other.Cost,
        one.Estimated + other.Estimated,
        one.Unsettled + other.Unsettled);
}
