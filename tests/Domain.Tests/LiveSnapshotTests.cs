namespace OpenAIProxy.Domain.Tests;

public sealed class LiveSnapshotTests
{
    [Fact]
    public void Newer_snapshot_takes_the_place_and_older_ones_are_passed_over()
    {
        var live = new LiveSnapshot();
        live.Current.ShouldBeSameAs(Snapshot.Empty);

        live.Replace(Version(2));
        live.Replace(Version(1));

        live.Current.Version.ShouldBe(2);
    }

    [Fact]
    public void Same_version_loaded_again_takes_the_place()
    {
        var live = new LiveSnapshot();
        var again = Version(0);

        live.Replace(again);

        live.Current.ShouldBeSameAs(again);
    }

    [Fact]
    public void Whatever_order_racing_loads_end_in_the_newest_stays_and_readers_never_see_time_go_back()
    {
        for (var round = 0; round < 50; round++)
        {
            var live = new LiveSnapshot();
            var snapshots = Enumerable.Range(1, 1_000).Select(i => Version(i)).ToArray();
            new Random(round).Shuffle(snapshots);
            var wentBack = 0;

            Parallel.ForEach(snapshots, snapshot =>
            {
                var before = live.Current.Version;
                live.Replace(snapshot);
                if (live.Current.Version < Math.Max(before, snapshot.Version))
                    Interlocked.Increment(ref wentBack);
            });

            live.Current.Version.ShouldBe(1_000);
            wentBack.ShouldBe(0);
        }
    }

    private static Snapshot Version(long version) => new(version, [], []);
}
