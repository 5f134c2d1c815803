using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Tests;

public sealed class ApiTokenTests
{
    [Fact]
    public void Token_and_key_are_never_taken_for_each_other()
    {
        var (token, key) = (ApiToken.Generate(), AttendeeKey.Generate());

        token.Length.ShouldBe(AttendeeKey.Length + ApiToken.Prefix.Length - AttendeeKey.Prefix.Length);
        ApiToken.IsWellFormed(token).ShouldBeTrue();
        AttendeeKey.HasPrefix(token).ShouldBeFalse();
        AttendeeKey.IsWellFormed(token).ShouldBeFalse();
        ApiToken.IsWellFormed(key).ShouldBeFalse();
    }

    [Fact]
    public void Attendee_who_is_removed_takes_no_name_from_somebody_new()
    {
        var ring = new KeyRing();
        var (first, second) = (new Attendee(1, EventCode.Parse("hack"), "ada", false), new Attendee(2, EventCode.Parse("hack"), "ada", false));
        var key = KeyHash.Of("key");
        ring.Put(first);
        ring.Put(key, new KeyGrant(1, null));
        ring.Put(second);

        ring.Remove(first);

        ring.FindAttendee(first.Event, "ada").ShouldBe(second);
        ring.FindOwner(key, DateTimeOffset.UnixEpoch).ShouldBeNull();
        ring.Remove(second);
        ring.FindAttendee(first.Event, "ada").ShouldBeNull();
    }
}
