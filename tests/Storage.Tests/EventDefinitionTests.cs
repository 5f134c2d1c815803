using System.Text.Json;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Tests;

public sealed class EventDefinitionTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private StorageUnderTest storage = null!;

    public async ValueTask InitializeAsync()
    {
        storage = await StorageUnderTest.StartAsync(directory["data"]);
        await storage.MakeAsync(Examples.PutAllAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        directory.Dispose();
    }

    public static TheoryData<Mistake> Mistakes => new()
    {
        new Mistake("Code", "not an event code", Examples.Event with { Code = "a b" }),
        new Mistake("Name", "1 to 200", Examples.Event with { Name = "  " }),
        new Mistake("Description", "at most", Examples.Event with { Description = new string('x', 20_001) }),
        new Mistake("Organiser", "name", Examples.Event with { Organiser = new Organiser("", null) }),
        new Mistake("Organiser", "an e-mail address likewise", Examples.Event with { Organiser = new Organiser("Ada", " ") }),
        new Mistake("ImageUrl", "absolute", Examples.Event with { ImageUrl = "javascript:alert(1)" }),
        new Mistake("End", "not after its start", Examples.Event with { End = Examples.Event.Start }),
        new Mistake("TimeZone", "'Mars/Olympus'", Examples.Event with { TimeZone = "Mars/Olympus" }),
        new Mistake("TimeZone", "no time zone", Examples.Event with { TimeZone = "../../../etc/passwd" }),
        new Mistake("TimeZone", "no time zone", Examples.Event with { TimeZone = "W. Europe Standard Time" }),
        new Mistake("TimeZone", "no time zone", Examples.Event with { TimeZone = "/usr/share/zoneinfo/UTC" }),
        new Mistake("TimeZone", "no time zone", Examples.Event with { TimeZone = "UTC-11" }),
        new Mistake("Start", "a year from 2", Examples.Event with { Start = new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) }),
        new Mistake("End", "a year from 2", Examples.Event with { End = new DateTime(9999, 12, 31, 23, 0, 0, DateTimeKind.Unspecified) }),
        new Mistake("State", "state 77", Examples.Event with { State = (EventState)77 }),
        new Mistake("Entrance", "entrance 77", Examples.Event with { Entrance = (Entrance)77 }),
        new Mistake("Models", "no model 'gpt-9'", Examples.Event with { Models = ["gpt-4o", "text-embedding-3-small", "gpt-9"] }),
        new Mistake("Models", "Two of the event's models", Examples.Event with { Models = ["gpt-4o", "text-embedding-3-small", "GPT-4o"] }),
        new Mistake("Defaults", "not one of the event's models", Examples.Event with { Models = ["gpt-4o"] }),
        new Mistake("Defaults", "does not have that operation", Examples.Event with { Defaults = new Dictionary<Operation, string> { [Operation.Completions] = "gpt-4o" } }),
        new Mistake("Defaults", "no operation 77", Examples.Event with { Defaults = new Dictionary<Operation, string> { [(Operation)77] = "gpt-4o" } }),
        new Mistake("OutputCap", "1 to", Examples.Event with { OutputCap = 0 }),
        new Mistake("ReasoningOutputCap", "1 to", Examples.Event with { ReasoningOutputCap = -1 }),
        new Mistake("AttendeeCap", "at least 1", Examples.Event with { AttendeeCap = 0 }),
        new Mistake("SharedSecret", "there must be one", Examples.Event with { Entrance = Entrance.SharedSecret }),
        new Mistake("SharedSecret", "visible ASCII", Examples.Event with { SharedSecret = SharedSecret.New("has/slash") }),
        new Mistake("SharedSecret", "visible ASCII", Examples.Event with { SharedSecret = SharedSecret.New("event@secret") }),
        new Mistake("SharedSecret", "6 to 128", Examples.Event with { SharedSecret = SharedSecret.New(new string('x', 129)) }),
        new Mistake("SharedSecret", "6 to 128", Examples.Event with { SharedSecret = SharedSecret.New("short") }),
        new Mistake("AllowedOrigins", "not an origin", Examples.Event with { AllowedOrigins = ["https://app.example/path"] }),
        new Mistake("AllowedOrigins", "not an origin", Examples.Event with { AllowedOrigins = ["null"] }),
        new Mistake("AllowedOrigins", "each origin once", Examples.Event with { AllowedOrigins = ["*", "*"] }),
        new Mistake("AllowedOrigins", "each origin once", Examples.Event with { AllowedOrigins = ["https://app.example", "https://APP.example"] }),
        new Mistake("RetentionDays", "0 to 3650", Examples.Event with { RetentionDays = -1 }),
        new Mistake("RetentionDays", "0 to 3650", Examples.Event with { RetentionDays = 3_651 }),
        new Mistake("StreamMode", "stream mode 77", Examples.Event with { StreamMode = (StreamMode)77 }),
        new Mistake("tokenAdmission.tenantId", "a GUID", Examples.Event with { TokenAdmission = Examples.Admission with { TenantId = "contoso.example" } }),
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Mistake_is_named_and_nothing_is_written(Mistake mistake)
    {
        var before = storage.Snapshot;

        var refusal = await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Events.PutAsync(mistake.Definition)));

        refusal.Errors[0].Field.ShouldBe(mistake.Field);
        refusal.Errors[0].Reason.ShouldContain(mistake.Reason);
        storage.Snapshot.ShouldBeSameAs(before);
        RawDatabase.Read<string>(directory["data/openai-proxy.db"], "SELECT name || time_zone || state FROM event").ShouldBe("Spring hackathonEurope/Berlin1");
    }

    [Fact]
    public async Task Shared_secret_stays_until_it_is_changed_or_removed()
    {
        await PutAsync(Examples.Event with { Entrance = Entrance.SharedSecret, SharedSecret = SharedSecret.New("open-sesame") });
        storage.Event("hackathon").IsSharedSecret("open-sesame").ShouldBeTrue();

        await PutAsync(Examples.Event with { Entrance = Entrance.SharedSecret, Name = "Renamed" });
        storage.Event("hackathon").IsSharedSecret("open-sesame").ShouldBeTrue();

        await PutAsync(Examples.Event with { Entrance = Entrance.SharedSecret, SharedSecret = SharedSecret.New("other-secret") });
        storage.Event("hackathon").IsSharedSecret("open-sesame").ShouldBeFalse();
        storage.Event("hackathon").IsSharedSecret("other-secret").ShouldBeTrue();

        await PutAsync(Examples.Event with { SharedSecret = SharedSecret.None });
        storage.Event("hackathon").SharedSecretHash.ShouldBeNull();
    }

    [Fact]
    public async Task Hashed_names_stay_the_same_when_the_event_is_put_again_and_after_a_restart()
    {
        UserId.TryParse("ada", out var ada).ShouldBeTrue();
        await PutAsync(Examples.Event with { Code = "hidden", HashesUserIds = true });
        var name = storage.Event("hidden").AttendeeNameOf(ada);
        await PutAsync(Examples.Event with { Code = "hidden", HashesUserIds = true, Name = "Renamed" });
        await storage.DisposeAsync();

        storage = await StorageUnderTest.StartAsync(directory["data"]);

        storage.Event("hidden").AttendeeNameOf(ada).ShouldBe(name);
        name.ShouldNotContain("ada");
        await storage.MakeAsync(c => c.Keys.IssueAsync(EventCode.Parse("hidden"), "ada"));
        storage.KeyRing.FindAttendee(EventCode.Parse("hidden"), name).ShouldNotBeNull();
    }

    [Fact]
    public async Task Hashing_of_user_ids_cannot_change_under_attendees()
    {
        await PutAsync(Examples.Event with { HashesUserIds = true });
        await PutAsync(Examples.Event);
        await storage.EnterAsync("hackathon", "ada");

        var refusal = await Should.ThrowAsync<ChangeRefusedException>(() => PutAsync(Examples.Event with { HashesUserIds = true }));

        refusal.Errors[0].Field.ShouldBe("HashesUserIds");
    }

    [Fact]
    public async Task Token_admission_and_stream_mode_are_the_same_after_a_restart_and_gone_when_they_are_taken_away()
    {
        await PutAsync(Examples.Event with { TokenAdmission = Examples.Admission, StreamMode = StreamMode.Faithful });
        await storage.DisposeAsync();
        storage = await StorageUnderTest.StartAsync(directory["data"]);

        var stored = (await storage.ReadAsync(t => t.Events.GetAsync(Examples.Hackathon)))!;
        JsonSerializer.Serialize(stored.TokenAdmission).ShouldBe(JsonSerializer.Serialize(Examples.Admission));
        storage.Event("hackathon").TokenAdmission!.Audiences.ShouldBe(Examples.Admission.Audiences);
        storage.Event("hackathon").TokenAdmission!.Roles.ShouldBe(Examples.Admission.Roles);
        storage.Event("hackathon").StreamMode.ShouldBe(StreamMode.Faithful);
        await PutAsync(Examples.Event);

        storage.Event("hackathon").TokenAdmission.ShouldBeNull();
        storage.Event("hackathon").StreamMode.ShouldBeNull();
        RawDatabase.Read<long>(directory["data/openai-proxy.db"], "SELECT COUNT(*) FROM event_token_claim").ShouldBe(0);
    }

    [Theory]
    [InlineData("UPDATE event SET state = 77", "knows no state 77")]
    [InlineData("UPDATE event SET time_zone = 'Mars/Olympus'", "no time zone")]
    [InlineData("UPDATE event SET end_wall = 'tomorrow'", "tomorrow")]
    [InlineData("UPDATE event SET end_wall = start_wall", "not after its start")]
    [InlineData("UPDATE event_default SET model = 'nobody' WHERE event = 'hackathon'", "'nobody'")]
    [InlineData("UPDATE event SET attendee_cap = 99999999999", "overflow")]
    [InlineData("UPDATE event SET stream_mode = 77", "no stream mode 77")]
    [InlineData("UPDATE event SET token_tenant = 'x', token_authority = 'https://login.example/'", "a GUID")]
    [InlineData("UPDATE event SET token_tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490', token_authority = 'https://login.example/'", "audiences")]
    [InlineData("UPDATE model SET family = 77 WHERE name = 'gpt-4o'", "family 77")]
    public async Task Odd_row_is_left_out_loudly_and_stops_nothing_else(string oddity, string reason)
    {
        await storage.MakeAsync(c => c.Events.PutAsync(Examples.Event with
        {
            Code = "other",
            Models = ["text-embedding-3-small"],
            Defaults = new Dictionary<Operation, string>(),
        }));
        await storage.DisposeAsync();
        RawDatabase.Run(
            directory["data/openai-proxy.db"],
            oddity.StartsWith("UPDATE event SET", StringComparison.Ordinal) ? oddity + " WHERE code = 'hackathon'" : oddity);

        storage = await StorageUnderTest.StartAsync(directory["data"]);

        storage.Snapshot.Events.Select(e => e.Code.Value).ShouldBe(["other"]);
        storage.Log.Lines.ShouldContain(l => l.StartsWith("Error:", StringComparison.Ordinal) && l.Contains(reason, StringComparison.OrdinalIgnoreCase));
        storage.Log.Lines.ShouldContain(l => l.StartsWith("Error: Event hackathon is left out", StringComparison.Ordinal));
        await storage.MakeAsync(c => c.Settings.PutAsync("other changes", "go on"));
    }

    [Fact]
    public async Task Event_that_later_rules_would_not_take_is_loaded_and_can_be_closed()
    {
        await storage.DisposeAsync();
        RawDatabase.Run(
            directory["data/openai-proxy.db"],
            $"UPDATE event SET name = '{new string('n', 201)}', organiser_name = ' ', output_cap = {Limit.MaxCap + 1}, reasoning_output_cap = {Limit.MaxCap + 1} WHERE code = 'hackathon'");

        storage = await StorageUnderTest.StartAsync(directory["data"]);
        await storage.MakeAsync(c => c.Events.CloseAsync(Examples.Hackathon));

        storage.Event("hackathon").State.ShouldBe(EventState.Closed);
        await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Events.CopyAsync(Examples.Hackathon, "copied")));
    }

    private Task PutAsync(EventDefinition definition) => storage.MakeAsync(c => c.Events.PutAsync(definition));

    public sealed record Mistake(string Field, string Reason, EventDefinition Definition)
    {
        // Becomes part of the test's name.
        public override string ToString() => $"{Field}: {Reason}";
    }
}
