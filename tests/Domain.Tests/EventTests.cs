using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Domain.Tests;

public sealed class EventTests
{
    private static readonly DateTimeOffset Opens = new(2030, 5, 1, 7, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Ends = new(2030, 5, 1, 16, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-1, Standing.NotYetOpen)]
    [InlineData(0, Standing.Open)]
    public void Event_opens_on_the_tick(long ticks, Standing expected) => Example(EventState.Open).StandingAt(Opens.AddTicks(ticks)).ShouldBe(expected);

    [Theory]
    [InlineData(-1, Standing.Open)]
    [InlineData(0, Standing.Over)]
    public void Event_ends_on_the_tick(long ticks, Standing expected) => Example(EventState.Open).StandingAt(Ends.AddTicks(ticks)).ShouldBe(expected);

    [Theory]
    [InlineData(EventState.Draft, Standing.Draft, Standing.Draft, Standing.Draft)]
    [InlineData(EventState.Open, Standing.NotYetOpen, Standing.Open, Standing.Over)]
    [InlineData(EventState.Paused, Standing.Paused, Standing.Paused, Standing.Over)]
    [InlineData(EventState.Closed, Standing.Closed, Standing.Closed, Standing.Closed)]
    [InlineData(EventState.Archived, Standing.Closed, Standing.Closed, Standing.Closed)]
    public void Standing_is_told_by_state_and_time(EventState state, Standing before, Standing during, Standing after)
    {
        var @event = Example(state);

        @event.StandingAt(Opens.AddHours(-1)).ShouldBe(before);
        @event.StandingAt(Opens.AddHours(1)).ShouldBe(during);
        @event.StandingAt(Ends.AddHours(1)).ShouldBe(after);
    }

    [Fact]
    public void Reasoning_models_have_a_cap_of_their_own()
    {
        var @event = Example(EventState.Open);

        @event.OutputCapFor(Examples.Model("a", Operation.ChatCompletions)).ShouldBe(4_096);
        @event.OutputCapFor(Examples.Model("b", Operation.ChatCompletions) with { Family = ModelFamily.Reasoning }).ShouldBe(16_384);
    }

    [Fact]
    public void Hidden_user_ids_differ_by_event_and_user_and_never_show_the_user()
    {
        var one = Example(EventState.Open, hashes: true);
        var other = Example(EventState.Open, hashes: true);

        one.AttendeeNameOf(User("ada")).ShouldBe(one.AttendeeNameOf(User(" ada")));
        one.AttendeeNameOf(User("ada")).ShouldNotBe(one.AttendeeNameOf(User("Ada")));
        one.AttendeeNameOf(User("ada")).ShouldNotBe(other.AttendeeNameOf(User("ada")));
        one.AttendeeNameOf(User("ada")).ShouldMatch("^[A-Za-z0-9_-]{43}$");
        Example(EventState.Open).AttendeeNameOf(User("ada")).ShouldBe("ada");
    }

    [Fact]
    public void Shared_secret_is_recognised_by_its_hash_only()
    {
        var secret = EventSecret.Generate();
        var @event = Example(EventState.Open, secret: secret, sharedSecretHash: secret.HashSharedSecret("open-sesame"));

        @event.IsSharedSecret("open-sesame").ShouldBeTrue();
        @event.IsSharedSecret("open-sesam").ShouldBeFalse();
        @event.IsSharedSecret("").ShouldBeFalse();
        Example(EventState.Open).IsSharedSecret("").ShouldBeFalse();
    }

    [Fact]
    public void User_id_can_never_pass_for_a_shared_secret()
    {
        var secret = EventSecret.Generate();

        Convert.ToBase64String(secret.HashSharedSecret("ada")).ShouldNotStartWith(secret.HashUserId("ada")[..20]);
    }

    [Fact]
    public void What_is_stored_of_names_and_secrets_is_found_again_by_every_release()
    {
        var secret = new EventSecret([.. Enumerable.Range(0, EventSecret.Length).Select(i => (byte)i)]);

        // HMAC-SHA256 of "user:ada" and "shared:open-sesame", worked out apart from the code.
        secret.HashUserId("ada").ShouldBe("vUFP3C_UdNYhinKq5XkMO2VqWqq5K1fsIcregWOSaL4");
        Convert.ToHexStringLower(secret.HashSharedSecret("open-sesame")).ShouldBe("0a3153d4293295845b3a1ba02e6006cbd981330b75ce8b36d2581d6d91cc29c0");
    }

    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("HTTPS://APP.EXAMPLE", true)]
    [InlineData("https://app.example.evil", false)]
    [InlineData("http://app.example", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void Origin_is_allowed_whole_or_not_at_all(string origin, bool expected)
    {
        Example(EventState.Open, origins: ["https://app.example"]).AllowsOrigin(origin).ShouldBe(expected);
        Example(EventState.Open, origins: ["*"]).AllowsOrigin(origin).ShouldBeTrue();
        Example(EventState.Open, origins: []).AllowsOrigin(origin).ShouldBeFalse();
    }

    private static UserId User(string text) => UserId.TryParse(text, out var user) ? user : throw new ArgumentException(text);

    private static Event Example(
        EventState state, bool hashes = false, EventSecret? secret = null, byte[]? sharedSecretHash = null, string[]? origins = null) => new()
        {
            Code = EventCode.Parse("hackathon"),
            Name = "Hackathon",
            Organiser = new Organiser("Ada", null),
            Window = new EventWindow(
                new DateTime(2030, 5, 1, 9, 0, 0, DateTimeKind.Unspecified),
                new DateTime(2030, 5, 1, 18, 0, 0, DateTimeKind.Unspecified),
                TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")),
            State = state,
            Models = new EventModels([], new Dictionary<Operation, string>()),
            Secret = secret ?? EventSecret.Generate(),
            SharedSecretHash = sharedSecretHash is null ? default(ReadOnlyMemory<byte>?) : sharedSecretHash,
            HashesUserIds = hashes,
            AllowedOrigins = origins ?? ["*"],
        };
}
