namespace OpenAIProxy.Simulator.Limits;

/// <summary>
/// Azure's admission: an estimate is added to a counter that starts again each minute; above the quota it refuses for the rest of
/// the minute. Requests are spread over shorter slices: 600 a minute are 10 in any second, 60 are 10 in any ten seconds. Refused requests count as well.
/// Without a quota all is admitted, and the headers show a plausible one.
/// </summary>
internal sealed class RateLimit(long? tokensPerMinute, long? requestsPerMinute)
{
    private const long ShownTokens = 450_000;
    private const long ShownRequests = 4_500;
    private readonly Lock gate = new();
    private readonly Counter minuteTokens = new(TimeSpan.FromMinutes(1));
    private readonly Counter minuteRequests = new(TimeSpan.FromMinutes(1));

    // https://learn.microsoft.com/azure/ai-services/openai/how-to/quota: evaluated over one or ten seconds.
    // Of fewer than six a minute there is no sixth: their slice is the minute.
    private readonly Counter sliceRequests = new(TimeSpan.FromSeconds(requestsPerMinute >= 600 ? 1 : requestsPerMinute < 6 ? 60 : 10));

    private readonly long requestsPerSlice = requestsPerMinute is not { } rpm ? long.MaxValue
        : rpm >= 600 ? rpm / 60
        : rpm < 6 ? rpm
        : (rpm + 5) / 6;

    public string LimitTokens { get; } = (tokensPerMinute ?? ShownTokens).ToString();

    public string LimitRequests { get; } = (requestsPerMinute ?? ShownRequests).ToString();

    public bool IsOff => tokensPerMinute is null && requestsPerMinute is null;

    public Admission Admit(long estimate, TimeProvider time)
    {
        if (IsOff)
            return new(ShownRequests - 1, ShownTokens - estimate, Exceeded.Nothing, default, default);
        var now = time.GetUtcNow();
        lock (gate)
        {
            var tokens = minuteTokens.Add(estimate, now);
            var requests = minuteRequests.Add(1, now);
            var slice = sliceRequests.Add(1, now);
            var exceeded = tokens > tokensPerMinute ? Exceeded.Tokens : slice > requestsPerSlice ? Exceeded.Requests : Exceeded.Nothing;
            return new((requestsPerMinute ?? ShownRequests) - requests, (tokensPerMinute ?? ShownTokens) - tokens, exceeded,
                minuteTokens.Left(now), sliceRequests.Left(now));
        }
    }

    private sealed class Counter(TimeSpan window)
    {
        private DateTimeOffset end;
        private long count;

        public long Add(long amount, DateTimeOffset now)
        {
            if (now >= end)
            {
                end = now + window;
                count = 0;
            }

            return count += amount;
        }

        public TimeSpan Left(DateTimeOffset now) => end - now;
    }
}
