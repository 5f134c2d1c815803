using OpenAIProxy.Bench.Load;

namespace OpenAIProxy.Bench.Tests;

/// <summary>Percentiles, against the sorted list of all times.</summary>
public sealed class HistogramTests
{
    private const double MostOff = 0.016;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Percentiles_are_those_of_the_sorted_list_within_a_bucket(int seed)
    {
        var random = new Random(seed);
        // From a microsecond to 100 s, each order of magnitude as often as the others.
        var times = Enumerable.Range(0, 5_000).Select(_ => TimeSpan.FromMicroseconds(Math.Pow(10, random.NextDouble() * 8))).ToList();
        var histogram = new Histogram();
        times.ForEach(histogram.Add);
        times.Sort();

        foreach (var share in new[] { 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999 })
        {
            var right = times[(int)Math.Ceiling(share * times.Count) - 1].TotalMilliseconds;
            histogram.Milliseconds(share).ShouldBeInRange(right, right * (1 + MostOff), $"{share}");
        }
        histogram.Count.ShouldBe(times.Count);
        histogram.LargestMilliseconds.ShouldBe(times[^1].TotalMilliseconds, 1e-3);
    }

    [Fact]
    public void One_percent_is_the_99th_percentile_and_less_is_not()
    {
        var (one, less) = (new Histogram(), new Histogram());
        for (var i = 0; i < 1_000; i++)
        {
            one.Add(TimeSpan.FromMilliseconds(i < 989 ? 1 : 500));
            less.Add(TimeSpan.FromMilliseconds(i < 990 ? 1 : 500));
        }

        one.Milliseconds(0.99).ShouldBe(500, 500 * MostOff);
        less.Milliseconds(0.99).ShouldBe(1, MostOff);
    }

    [Fact]
    public void Longest_is_exact_also_where_it_is_longer_than_all_buckets()
    {
        var histogram = new Histogram();
        histogram.Add(TimeSpan.FromMinutes(20));

        histogram.LargestMilliseconds.ShouldBe(1_200_000);
        histogram.Milliseconds(0.5).ShouldBeInRange(100_000, 1_200_000);
    }

    [Fact]
    public void Without_times_there_is_nothing() => new Histogram().Milliseconds(0.99).ShouldBe(0);
}
