using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Tests;

public sealed class KeyRingTests
{
    private static readonly EventCode Hackathon = EventCode.Parse("hackathon");
    private static readonly DateTimeOffset Noon = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly KeyRing keyRing = new();
    private readonly KeyHash key = KeyHash.Of(AttendeeKey.Generate());

    public KeyRingTests() => keyRing.Put(new Attendee(7, Hackathon, "ada", IsBlocked: false));

    [Fact]
    public void Attendee_is_found_by_event_and_name()
    {
        keyRing.FindAttendee(EventCode.Parse("HACKATHON"), "ada")!.Id.ShouldBe(7);
        keyRing.FindAttendee(Hackathon, "Ada").ShouldBeNull();
        keyRing.FindAttendee(EventCode.Parse("other"), "ada").ShouldBeNull();
    }

    [Fact]
    public void Key_works_until_the_tick_at_which_it_expires()
    {
        keyRing.Put(key, new KeyGrant(7, Noon));

        keyRing.FindOwner(key, Noon.AddTicks(-1))!.Name.ShouldBe("ada");
        keyRing.FindOwner(key, Noon).ShouldBeNull();
    }

    [Fact]
    public void Key_without_expiry_works_until_it_is_removed()
    {
        keyRing.Put(key, new KeyGrant(7, Expires: null));
        keyRing.FindOwner(key, DateTimeOffset.MaxValue).ShouldNotBeNull();

        keyRing.Remove(key);

        keyRing.FindOwner(key, Noon).ShouldBeNull();
    }

    [Fact]
    public void Owner_who_is_blocked_is_seen_as_blocked_through_their_key()
    {
        keyRing.Put(key, new KeyGrant(7, Expires: null));

        keyRing.Put(new Attendee(7, Hackathon, "ada", IsBlocked: true));

        keyRing.FindOwner(key, Noon)!.IsBlocked.ShouldBeTrue();
    }

    [Fact]
    public void Key_of_nobody_opens_nothing()
    {
        keyRing.Put(key, new KeyGrant(8, Expires: null));

        keyRing.FindOwner(key, Noon).ShouldBeNull();
    }

    [Fact]
    public void What_is_taken_together_is_told_once_and_after_the_last()
    {
        var other = KeyHash.Of(AttendeeKey.Generate());
        keyRing.Put(key, new KeyGrant(7, Expires: null));
        keyRing.Put(other, new KeyGrant(7, Expires: null));
        var seen = new List<bool>();
        keyRing.Tightened += () => seen.Add(keyRing.FindOwner(other, Noon) is null);

        keyRing.Together([ring => ring.Remove(key), ring => ring.Remove(other)]);

        seen.ShouldBe([true]);
    }

    [Fact]
    public void What_takes_nothing_from_anybody_is_not_told()
    {
        var told = 0;
        keyRing.Tightened += () => told++;

        keyRing.Together([ring => ring.Put(key, new KeyGrant(7, Expires: null)), ring => ring.Put(new Attendee(8, Hackathon, "bob", IsBlocked: false))]);
        told.ShouldBe(0);

        keyRing.Remove(key);
        told.ShouldBe(1);
    }
}
