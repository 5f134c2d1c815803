using System.Net;
using OpenAIProxy.Gateway.Authentication;

namespace OpenAIProxy.Gateway.Tests.Authentication;

public sealed class BucketTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void A_bucket_gives_its_size_and_then_one_for_each_refill()
    {
        var buckets = new Buckets<int>(3, TimeSpan.FromSeconds(1), time);

        Given(buckets, 1).ShouldBe(3);
        time.Advance(TimeSpan.FromMilliseconds(999));
        Given(buckets, 1).ShouldBe(0);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Given(buckets, 1).ShouldBe(1);
        time.Advance(TimeSpan.FromHours(1));
        Given(buckets, 1).ShouldBe(3);
    }

    [Fact]
    public void Taking_from_an_empty_bucket_puts_off_the_next_by_no_more_than_one_refill()
    {
        var buckets = new Buckets<int>(3, TimeSpan.FromSeconds(1), time);
        for (var i = 0; i < 1_000; i++)
            buckets.Take(1);

        time.Advance(TimeSpan.FromSeconds(1));

        buckets.IsEmpty(1).ShouldBeFalse();
    }

    [Fact]
    public void Making_room_for_others_neither_fills_a_bucket_nor_forgets_one_that_was_just_drawn_on()
    {
        var buckets = new Buckets<int>(2, TimeSpan.FromSeconds(1), time, most: 10);
        for (var others = 0; others < 1_000; others += 4)
        {
            // Half of what comes back meanwhile is taken: nothing else may come.
            buckets.Take(-1);
            buckets.Take(-1);
            for (var i = 0; i < 4; i++)
                buckets.Take(others + i);

            buckets.IsEmpty(-1).ShouldBeTrue($"after {others} others");
            time.Advance(TimeSpan.FromMilliseconds(500));
        }
    }

    [Fact]
    public void What_nobody_has_drawn_on_for_longest_is_forgotten_first()
    {
        var buckets = new Buckets<int>(1, TimeSpan.FromHours(1), time, most: 10);
        for (var key = 0; key < 100; key++)
            buckets.Take(key);

        Enumerable.Range(0, 100).Count(buckets.IsEmpty).ShouldBeInRange(5, 10);
        buckets.IsEmpty(99).ShouldBeTrue();
        buckets.IsEmpty(0).ShouldBeFalse();
    }

    [Fact]
    public void Limits_that_nobody_reaches_overflow_nothing()
    {
        var buckets = new Buckets<int>(int.MaxValue, TimeSpan.MaxValue, time);

        buckets.Take(1);

        buckets.IsEmpty(1).ShouldBeTrue();
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::", "0.0.0.0", false)]
    public void A_network_is_an_address_or_a_64_of_IPv6(string one, string other, bool isSame) =>
        (Network.Of(IPAddress.Parse(one)) == Network.Of(IPAddress.Parse(other))).ShouldBe(isSame);

    private static int Given(Buckets<int> buckets, int key)
    {
        var given = 0;
        for (; !buckets.IsEmpty(key); given++)
            buckets.Take(key);
        return given;
    }
}
