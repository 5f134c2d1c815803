using OpenAIProxy.Bench.Load;

namespace OpenAIProxy.Bench.Scenarios;

/// <summary>How clients ask.</summary>
internal abstract record LoadShape(int Connections)
{
    public abstract TimeSpan Lasts { get; }

    public abstract Task<Tally> RunAsync(Fleet fleet, Requests requests, Expectation expectation);

    /// <summary>The same before the measurement, or null where it is to find a server as it is.</summary>
    public virtual LoadShape? WarmUp(TimeSpan time) => null;

    /// <summary>Each client asks again as soon as it has its answer.</summary>
    public sealed record Saturated(int Connections, TimeSpan Duration) : LoadShape(Connections)
    {
        public override TimeSpan Lasts => Duration;

        public override Task<Tally> RunAsync(Fleet fleet, Requests requests, Expectation expectation) => fleet.SaturateAsync(requests, expectation, Duration);

        public override LoadShape WarmUp(TimeSpan time) => this with { Duration = time };

        public override string ToString() => $"{Connections} connections, as fast as it goes";
    }

    /// <summary>So many requests a second; times count from when a request was to be sent.</summary>
    public sealed record Paced(int Connections, double PerSecond, TimeSpan Duration) : LoadShape(Connections)
    {
        public override TimeSpan Lasts => Duration;

        public override Task<Tally> RunAsync(Fleet fleet, Requests requests, Expectation expectation) => fleet.PaceAsync(requests, expectation, PerSecond, Duration);

        public override LoadShape WarmUp(TimeSpan time) => this with { Duration = time };

        public override string ToString() => $"{PerSecond:0} requests a second";
    }

    /// <summary>Each client asks once, all of them within a moment.</summary>
    /// <param name="Duration">How long an answer takes.</param>
    public sealed record Once(int Connections, TimeSpan Duration) : LoadShape(Connections)
    {
        public override TimeSpan Lasts => Duration;

        public override Task<Tally> RunAsync(Fleet fleet, Requests requests, Expectation expectation) => fleet.OnceAsync(requests, expectation);

        public override string ToString() => $"{Connections} at once";
    }
}
