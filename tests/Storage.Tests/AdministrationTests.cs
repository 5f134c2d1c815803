using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql.Access;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Storage.Tests;

public sealed class AdministrationTests : IAsyncLifetime
{
    private static readonly Actor Ada = Actor.Organiser("ada's token", "ada"), Bob = Actor.Organiser("bob's token", "bob");
    private static readonly EventCode AdasCode = EventCode.Parse("adas");

    private readonly TemporaryDirectory directory = new();
    private readonly Clock clock = new(new DateTimeOffset(2030, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private StorageUnderTest storage = null!;

    public async ValueTask InitializeAsync()
    {
        storage = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = directory["data"] }, clock);
        await storage.MakeAsync(Examples.PutAllAsync);
        await storage.MakeAsync(Ada, c => c.Events.AddAsync(Examples.Event with { Code = "adas" }, "ada"));
    }

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Second_of_two_who_change_the_same_is_told_so()
    {
        var seen = await ShowAsync(AdasCode);
        await storage.MakeAsync(Ada, c => c.Events.PutAsync(seen.Definition with { Name = "First" }, seen.Version));

        var conflict = await Should.ThrowAsync<ChangeConflictException>(
            () => storage.MakeAsync(c => c.Events.PutAsync(seen.Definition with { Name = "Second" }, seen.Version)));

        conflict.Message.ShouldContain($"version {seen.Version + 1}, not {seen.Version}");
        (await ShowAsync(AdasCode)).Definition.Name.ShouldBe("First");
        await Should.ThrowAsync<ChangeConflictException>(() => storage.MakeAsync(c => c.Events.DeleteAsync(AdasCode, seen.Version)));
        await Should.ThrowAsync<ChangeConflictException>(() => storage.MakeAsync(c => c.Backends.PutAsync(Examples.Backend, 99)));
        await Should.ThrowAsync<ChangeConflictException>(() => storage.MakeAsync(c => c.Models.DeleteAsync("gpt-4o", 99)));
    }

    [Fact]
    public async Task Event_made_again_does_not_have_the_version_that_somebody_saw_before()
    {
        var seen = await ShowAsync(AdasCode);
        await storage.MakeAsync(c => c.Events.DeleteAsync(AdasCode));
        await storage.MakeAsync(c => c.Events.AddAsync(Examples.Event with { Code = "adas" }));

        (await ShowAsync(AdasCode)).Version.ShouldNotBe(seen.Version);
    }

    [Fact]
    public async Task Organiser_sees_nothing_of_anybody_elses_event()
    {
        var key = await storage.MakeAsync(Ada, c => c.Keys.IssueOneAsync(AdasCode, "eve"));

        await storage.ReadAsync(async t =>
        {
            (await t.Events.PageAsync(new EventQuery(), Ada.Viewer)).Items.Single().Definition.Code.ShouldBe("adas");
            (await t.Events.PageAsync(new EventQuery(), Bob.Viewer)).Total.ShouldBe(0);
            (await t.Events.ShowAsync(AdasCode, Bob.Viewer)).ShouldBeNull();
            (await t.Attendees.PageAsync(AdasCode, new AttendeeQuery(), Ada.Viewer)).Items.Single().KeyCount.ShouldBe(1);
            (await t.Attendees.PageAsync(AdasCode, new AttendeeQuery(), Bob.Viewer)).Total.ShouldBe(0);
            (await t.Attendees.ShowAsync(AdasCode, key.AttendeeId, Bob.Viewer)).ShouldBeNull();
            (await t.Keys.PageAsync(AdasCode, new KeyQuery(), Ada.Viewer)).Items.Single().User.ShouldBe("eve");
            (await t.Keys.PageAsync(AdasCode, new KeyQuery(), Bob.Viewer)).Total.ShouldBe(0);
            (await t.Keys.ShowAsync(AdasCode, key.Id, Bob.Viewer)).ShouldBeNull();
            (await t.Audit.PageAsync(new AuditQuery(), Ada.Viewer)).Total.ShouldBe(2);
            (await t.Audit.PageAsync(new AuditQuery(), Bob.Viewer)).Total.ShouldBe(0);
            return 0;
        });
    }

    [Fact]
    public async Task Organiser_changes_nothing_of_anybody_elses_event()
    {
        var key = await storage.MakeAsync(Ada, c => c.Keys.IssueOneAsync(AdasCode, "eve"));
        var before = (await storage.ReadAsync(t => t.Audit.PageAsync(new AuditQuery(), Viewer.Everybody))).Total;
        Func<Change, Task>[] writes =
        [
            c => c.Events.PutAsync(Examples.Event with { Code = "adas", Name = "Mine" }),
            c => c.Events.CloseAsync(AdasCode),
            c => c.Events.CopyAsync(AdasCode, "bobs"),
            c => c.Events.SetSharedSecretAsync(AdasCode),
            c => c.Events.SetOwnerAsync(AdasCode, "bob"),
            c => c.Events.AddOrganiserAsync(AdasCode, "bob"),
            c => c.Events.AddAsync(Examples.Event with { Code = "new" }, "ada"),
            c => c.Keys.IssueOneAsync(AdasCode, "mallory"),
            c => c.Keys.IssueManyAsync(AdasCode, ["mallory"]),
            c => c.Keys.RotateAsync(AdasCode, key.Id, TimeSpan.Zero),
            c => c.Models.PutAsync(Examples.Gpt with { MaxOutput = 1 }),
            c => c.Backends.PutAsync(Examples.Backend with { ApiKey = "stolen" }),
            c => c.Deployments.DeleteAsync(new DeploymentDefinition("gpt-4o", "west", "my-gpt")),
            c => c.Tokens.IssueAsync(new TokenDefinition("mine", ApiRole.Administrator)),
            c => c.Settings.PutAsync("a", "b"),
        ];

        foreach (var write in writes)
            (await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(Bob, write))).Kind.ShouldBeOneOf(WhyRefused.Missing, WhyRefused.Forbidden);

        (await storage.MakeAsync(Bob, c => c.Events.DeleteAsync(AdasCode))).ShouldBeFalse();
        (await storage.MakeAsync(Bob, c => c.Attendees.BlockAsync(key.AttendeeId))).ShouldBeFalse();
        (await storage.MakeAsync(Bob, c => c.Attendees.RemoveAsync(key.AttendeeId))).ShouldBeFalse();
        (await storage.MakeAsync(Bob, c => c.Keys.RevokeAsync(AdasCode, key.Id))).ShouldBeFalse();
        (await storage.ReadAsync(t => t.Audit.PageAsync(new AuditQuery(), Viewer.Everybody))).Total.ShouldBe(before);
    }

    [Fact]
    public async Task Co_organiser_runs_the_event_but_does_not_say_who_else_does()
    {
        await storage.MakeAsync(Ada, c => c.Events.AddOrganiserAsync(AdasCode, "bob"));

        await storage.MakeAsync(Bob, c => c.Events.PauseAsync(AdasCode));
        var refusal = await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(Bob, c => c.Events.AddOrganiserAsync(AdasCode, "cleo")));

        refusal.Kind.ShouldBe(WhyRefused.Forbidden);
        (await ShowAsync(AdasCode)).CoOrganisers.ShouldBe(["bob"]);
    }

    [Fact]
    public async Task Rotated_key_goes_on_until_its_grace_is_over_also_after_a_restart()
    {
        var old = await storage.MakeAsync(c => c.Keys.IssueOneAsync(AdasCode, "eve"));

        var @new = await storage.MakeAsync(c => c.Keys.RotateAsync(AdasCode, old.Id, TimeSpan.FromHours(24)));

        for (var start = 0; start < 2; start++)
        {
            Owner(old, clock.Now.AddHours(24).AddMilliseconds(-1))!.Id.ShouldBe(old.AttendeeId);
            Owner(old, clock.Now.AddHours(24)).ShouldBeNull();
            Owner(@new, clock.Now.AddYears(1))!.Id.ShouldBe(old.AttendeeId);
            await storage.DisposeAsync();
            storage = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = directory["data"] }, clock);
        }
        clock.Now = clock.Now.AddHours(24);
        (await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Keys.RotateAsync(AdasCode, old.Id, TimeSpan.Zero))))
            .Kind.ShouldBe(WhyRefused.WrongState);
        await storage.MakeAsync(c => c.Keys.RotateAsync(AdasCode, @new.Id, TimeSpan.Zero));
        Owner(@new, clock.Now).ShouldBeNull();
    }

    [Fact]
    public async Task Rotation_prolongs_no_key_and_the_new_one_ends_when_the_old_one_was_to()
    {
        var expires = clock.Now.AddHours(1);
        var old = await storage.MakeAsync(c => c.Keys.IssueOneAsync(AdasCode, "eve", expires));

        var @new = await storage.MakeAsync(c => c.Keys.RotateAsync(AdasCode, old.Id, TimeSpan.FromDays(2)));

        @new.Expires.ShouldBe(expires);
        foreach (var key in new[] { old, @new })
        {
            Owner(key, expires.AddMilliseconds(-1)).ShouldNotBeNull();
            Owner(key, expires).ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_key_is_made_for_a_time_to_come_and_rotated_within_bounds()
    {
        var key = await storage.MakeAsync(c => c.Keys.IssueOneAsync(AdasCode, "eve"));
        Func<Change, Task>[] refused =
        [
            c => c.Keys.IssueOneAsync(AdasCode, "eve", clock.Now),
            c => c.Keys.IssueManyAsync(AdasCode, []),
            c => c.Keys.RotateAsync(AdasCode, key.Id, TimeSpan.FromTicks(-1)),
            c => c.Keys.RotateAsync(AdasCode, key.Id, KeyTable.LongestGrace + TimeSpan.FromTicks(1)),
        ];

        foreach (var write in refused)
            (await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(write))).Kind.ShouldBe(WhyRefused.Invalid);

        (await ShowAsync(AdasCode)).KeyCount.ShouldBe(1);
        await storage.MakeAsync(c => c.Keys.RotateAsync(AdasCode, key.Id, KeyTable.LongestGrace));
    }

    [Fact]
    public async Task A_key_is_found_by_its_own_events_code_only()
    {
        var key = await storage.MakeAsync(c => c.Keys.IssueOneAsync(AdasCode, "eve"));

        (await storage.ReadAsync(t => t.Keys.ShowAsync(Examples.Hackathon, key.Id, Viewer.Everybody))).ShouldBeNull();
        (await storage.MakeAsync(c => c.Keys.RevokeAsync(Examples.Hackathon, key.Id))).ShouldBeFalse();
        Owner(key, clock.Now).ShouldNotBeNull();
    }

    [Fact]
    public async Task Keys_that_work_are_counted_and_no_others()
    {
        var keys = await storage.MakeAsync(c => c.Keys.IssueManyAsync(AdasCode, ["one", "two", "three"]));
        await storage.MakeAsync(c => c.Keys.IssueOneAsync(AdasCode, "one", clock.Now.AddHours(1)));
        await storage.MakeAsync(c => c.Keys.RevokeAsync(AdasCode, keys[1].Id));
        (await CountsAsync()).ShouldBe((3, 2));

        clock.Now = clock.Now.AddHours(1);

        (await CountsAsync()).ShouldBe((2, 1));

        async Task<(long OfEvent, long OfOne)> CountsAsync() =>
            ((await ShowAsync(AdasCode)).KeyCount, (await storage.ReadAsync(t => t.Attendees.ShowAsync(AdasCode, keys[0].AttendeeId, Viewer.Everybody)))!.KeyCount);
    }

    [Fact]
    public async Task Many_keys_are_issued_all_or_none()
    {
        var refusal = await Should.ThrowAsync<ChangeRefusedException>(
            () => storage.MakeAsync(c => c.Keys.IssueManyAsync(AdasCode, ["one", "two", " one", "\u0007"])));

        refusal.Errors.Select(e => e.Field).ShouldBe(["Users[2]", "Users[3]"]);
        refusal.Errors[0].Reason.ShouldContain("'one' is there twice");
        await Should.ThrowAsync<ChangeRefusedException>(
            () => storage.MakeAsync(c => c.Keys.IssueManyAsync(AdasCode, [.. Enumerable.Range(0, KeyTable.LargestBatch + 1).Select(n => $"user {n}")])));
        (await ShowAsync(AdasCode)).AttendeeCount.ShouldBe(0);

        var keys = await storage.MakeAsync(c => c.Keys.IssueManyAsync(AdasCode, [.. Enumerable.Range(0, KeyTable.LargestBatch).Select(n => $"user {n}")]));

        keys.ShouldAllBe(k => Owner(k, clock.Now)!.Name == k.User);
        (await ShowAsync(AdasCode)).KeyCount.ShouldBe(KeyTable.LargestBatch);
    }

    [Fact]
    public async Task Removed_attendee_is_forgotten_and_may_come_again_as_somebody_new()
    {
        await storage.MakeAsync(c => c.Events.PutAsync(Examples.Event with { Code = "adas", AttendeeCap = 1 }));
        var first = (await storage.EnterAsync("adas", "eve"))!;
        var key = await storage.MakeAsync(c => c.Keys.IssueOneAsync(AdasCode, "eve"));

        (await storage.MakeAsync(c => c.Attendees.RemoveAsync(first.Id))).ShouldBeTrue();

        (await storage.MakeAsync(c => c.Attendees.RemoveAsync(first.Id))).ShouldBeFalse();
        Owner(key, clock.Now).ShouldBeNull();
        storage.KeyRing.FindAttendee(AdasCode, "eve").ShouldBeNull();
        RawDatabase.Read<string>(directory["data/openai-proxy.db"], "SELECT group_concat(name) FROM attendee").ShouldBeNull();
        var second = (await storage.EnterAsync("adas", "eve"))!;
        second.Id.ShouldNotBe(first.Id);
        (await storage.EnterAsync("adas", "one too many")).ShouldBeNull();
        (await ShowAsync(AdasCode)).AttendeeCount.ShouldBe(1);
        await storage.DisposeAsync();
        storage = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = directory["data"] }, clock);
        Owner(key, clock.Now).ShouldBeNull();
        storage.KeyRing.FindAttendee(AdasCode, "eve")!.Id.ShouldBe(second.Id);
    }

    [Fact]
    public async Task Token_works_until_it_expires_or_is_revoked_also_after_a_restart()
    {
        var lasting = await storage.MakeAsync(c => c.Tokens.IssueAsync(new TokenDefinition("ada's", ApiRole.Organiser, "ada")));
        var expiring = await storage.MakeAsync(c => c.Tokens.IssueAsync(new TokenDefinition("short", ApiRole.Administrator, null, clock.Now.AddHours(1))));
        (await Should.ThrowAsync<ChangeRefusedException>(
            () => storage.MakeAsync(c => c.Tokens.IssueAsync(new TokenDefinition("short", ApiRole.Administrator))))).Kind.ShouldBe(WhyRefused.Exists);
        await storage.DisposeAsync();
        storage = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = directory["data"] }, clock);

        storage.Tokens.Find(lasting.Token).ShouldBe(new TokenGrant("ada's", ApiRole.Organiser, "ada", null));
        storage.Tokens.Find(expiring.Token).ShouldBe(new TokenGrant("short", ApiRole.Administrator, null, clock.Now.AddHours(1)));
        clock.Now = clock.Now.AddHours(1);
        storage.Tokens.Find(expiring.Token).ShouldBeNull();
        (await storage.MakeAsync(c => c.Tokens.RevokeAsync(lasting.View.Id))).ShouldBeTrue();
        storage.Tokens.Find(lasting.Token).ShouldBeNull();
        await storage.DisposeAsync();
        storage = await StorageUnderTest.StartAsync(new StorageOptions { DataDirectory = directory["data"] }, clock);
        storage.Tokens.Find(lasting.Token).ShouldBeNull();
    }

    [Fact]
    public async Task Token_that_makes_no_sense_is_not_made()
    {
        foreach (var (definition, field) in new[]
        {
            (new TokenDefinition("server", ApiRole.Administrator), "Name"), (new TokenDefinition("admin", ApiRole.Organiser, "ada"), "Name"),
            (new TokenDefinition("one", ApiRole.Organiser), "Organiser"), (new TokenDefinition("one", ApiRole.Administrator, "ada"), "Organiser"),
            (new TokenDefinition("one", ApiRole.Administrator, null, clock.Now), "Expires"),
        })
            (await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Tokens.IssueAsync(definition)))).Errors[0].Field.ShouldBe(field);
    }

    [Fact]
    public async Task Admin_token_is_made_once_for_its_owner_only()
    {
        var path = storage.AdminToken.Path!;
        var token = (await File.ReadAllTextAsync(path)).Trim();

        storage.AdminToken.Matches(token).ShouldBeTrue();
        storage.AdminToken.Matches(token[..^1]).ShouldBeFalse();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await storage.DisposeAsync();
        storage = await StorageUnderTest.StartAsync(
            new StorageOptions { DataDirectory = directory["data"], AdminToken = "given-by-the-operator" }, clock);
        storage.AdminToken.Matches("given-by-the-operator").ShouldBeTrue();
        storage.AdminToken.Matches(token).ShouldBeFalse();
    }

    [Fact]
    public async Task Lists_are_paged_sorted_and_searched_and_nothing_else_gets_into_the_statement()
    {
        await storage.MakeAsync(c => c.Keys.IssueManyAsync(AdasCode, ["a%b", "ab", "a_b", "c"]));

        var page = await ListAsync(new AttendeeQuery { Sort = "-name", Page = 2, PageSize = 3 });
        page.Items.Single().Name.ShouldBe("a%b");
        page.Total.ShouldBe(4);
        (await ListAsync(new AttendeeQuery { Search = "%" })).Items.Single().Name.ShouldBe("a%b");
        (await ListAsync(new AttendeeQuery { Search = "_" })).Items.Single().Name.ShouldBe("a_b");
        (await Should.ThrowAsync<QueryRefusedException>(() => ListAsync(new AttendeeQuery { Sort = "name; DROP TABLE attendee" }))).Field.ShouldBe("Sort");
        (await Should.ThrowAsync<QueryRefusedException>(() => ListAsync(new AttendeeQuery { PageSize = 501 }))).Field.ShouldBe("PageSize");

        Task<Page<AttendeeView>> ListAsync(AttendeeQuery query) => storage.ReadAsync(t => t.Attendees.PageAsync(AdasCode, query, Viewer.Everybody));
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var refusal = await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(
            c => c.Events.AddAsync(Examples.Event with { Code = "new", Name = "", OutputCap = 0, TimeZone = "Moon/Base", Models = ["gpt-9"] })));

        refusal.Errors.Select(e => e.Field).ShouldBe(["Name", "OutputCap", "TimeZone", "Models"]);
    }

    [Fact]
    public async Task Copy_is_a_draft_with_a_secret_of_its_own_and_without_the_shared_one()
    {
        await storage.MakeAsync(c => c.Events.PutAsync(
            Examples.Event with { Code = "adas", Entrance = Entrance.SharedSecret, SharedSecret = SharedSecret.New("open sesame".Replace(' ', '-')) }));

        await storage.MakeAsync(Ada, c => c.Events.CopyAsync(AdasCode, "again", start: Examples.Event.Start.AddYears(1)));

        var copy = await ShowAsync(EventCode.Parse("again"));
        (copy.Definition.State, copy.HasSharedSecret, copy.Owner).ShouldBe((EventState.Draft, false, "ada"));
        (copy.Definition.End - copy.Definition.Start).ShouldBe(Examples.Event.End - Examples.Event.Start);
        storage.Event("again").Secret.Export().ShouldNotBe(storage.Event("adas").Secret.Export());
        await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Events.OpenAsync(EventCode.Parse("again"))));
    }

    [Fact]
    public async Task Copy_takes_no_other_events_code()
    {
        var before = await ShowAsync(Examples.Hackathon);

        (await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Events.CopyAsync(AdasCode, "Hackathon")))).Kind.ShouldBe(WhyRefused.Exists);

        (await ShowAsync(Examples.Hackathon)).Version.ShouldBe(before.Version);
    }

    [Fact]
    public async Task Copy_is_the_organisers_who_makes_it_and_else_stays_its_owners()
    {
        await storage.MakeAsync(Ada, c => c.Events.AddOrganiserAsync(AdasCode, "bob"));

        await storage.MakeAsync(Bob, c => c.Events.CopyAsync(AdasCode, "bobs"));
        await storage.MakeAsync(c => c.Events.CopyAsync(AdasCode, "another"));

        (await ShowAsync(EventCode.Parse("bobs"))).Owner.ShouldBe("bob");
        (await ShowAsync(EventCode.Parse("another"))).Owner.ShouldBe("ada");
    }

    [Fact]
    public async Task Organiser_who_is_one_already_or_is_none_changes_nothing()
    {
        await storage.MakeAsync(Ada, c => c.Events.AddOrganiserAsync(AdasCode, "bob"));
        var before = await ShowAsync(AdasCode);

        await storage.MakeAsync(c => c.Events.AddOrganiserAsync(AdasCode, "ada"));
        await storage.MakeAsync(c => c.Events.AddOrganiserAsync(AdasCode, "bob"));
        await storage.MakeAsync(c => c.Events.SetOwnerAsync(AdasCode, "ada"));
        (await storage.MakeAsync(c => c.Events.RemoveOrganiserAsync(AdasCode, "cleo"))).ShouldBeFalse();

        var after = await ShowAsync(AdasCode);
        (after.Version, string.Join(' ', after.CoOrganisers)).ShouldBe((before.Version, "bob"));
    }

    private async Task<EventView> ShowAsync(EventCode code) => (await storage.ReadAsync(t => t.Events.ShowAsync(code, Viewer.Everybody))).ShouldNotBeNull();

    private Attendee? Owner(IssuedKey key, DateTimeOffset now) => storage.KeyRing.FindOwner(KeyHash.Of(key.Key), now);
}
