using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql.Catalog;

namespace OpenAIProxy.Storage.Tests;

public sealed class ChangesTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private StorageUnderTest storage = null!;

    private string Database => directory["data/openai-proxy.db"];

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

    [Fact]
    public async Task Change_is_in_force_when_its_task_completes()
    {
        var version = storage.Snapshot.Version;

        await storage.MakeAsync(c => c.Events.PutAsync(Examples.Event with { Name = "Autumn" }));

        storage.Snapshot.Version.ShouldBe(version + 1);
        storage.Event("hackathon").Name.ShouldBe("Autumn");
    }

    [Fact]
    public async Task Change_that_throws_in_the_middle_changes_nothing()
    {
        var before = storage.Snapshot;
        string? key = null;

        await Should.ThrowAsync<InvalidOperationException>(() => storage.MakeAsync(async c =>
        {
            await c.Events.PutAsync(Examples.Event with { Name = "Half" });
            await c.Settings.PutAsync("half", "done");
            key = await c.Keys.IssueAsync(Examples.Hackathon, "ada");
            throw new InvalidOperationException();
        }));

        storage.Snapshot.ShouldBeSameAs(before);
        storage.KeyRing.FindOwner(KeyHash.Of(key!), DateTimeOffset.UnixEpoch).ShouldBeNull();
        storage.KeyRing.FindAttendee(Examples.Hackathon, "ada").ShouldBeNull();
        RawDatabase.Read<string>(Database, "SELECT name FROM event").ShouldBe("Spring hackathon");
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM setting").ShouldBe(0);
        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM attendee").ShouldBe(0);
        RawDatabase.Read<long>(Database, "SELECT version FROM configuration").ShouldBe(before.Version);
    }

    [Fact]
    public async Task Concurrent_changes_do_not_lose_one_another()
    {
        var version = storage.Snapshot.Version;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => storage.MakeAsync(async c =>
        {
            var seen = int.Parse(await c.Settings.GetAsync("count") ?? "0");
            await Task.Yield();
            await c.Settings.PutAsync("count", $"{seen + 1}");
        }))));

        (await storage.Reads.ReadAsync(t => t.Settings.GetAsync("count"), CancellationToken.None)).ShouldBe("50");
        storage.Snapshot.Version.ShouldBe(version + 50);
    }

    [Fact]
    public async Task Cancelled_change_changes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => storage.Changes.MakeAsync(c => c.Settings.PutAsync("a", "b"), cancelled.Token));

        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM setting").ShouldBe(0);
    }

    [Fact]
    public async Task Event_can_be_read_edited_and_put_back()
    {
        await storage.MakeAsync(async c =>
        {
            var definition = (await c.Events.GetAsync(Examples.Hackathon))!;
            await c.Events.PutAsync(definition with { Models = ["gpt-4o"], Defaults = new Dictionary<Operation, string>(), AllowedOrigins = [] });
        });

        var @event = storage.Event("hackathon");
        @event.Models.Offers.Single().Model.Name.ShouldBe("gpt-4o");
        @event.Models.DefaultFor(Operation.ChatCompletions).ShouldBeNull();
        @event.AllowsOrigin("https://app.example").ShouldBeFalse();
        @event.Description.ShouldBe(Examples.Event.Description);
        @event.Window.End.ShouldBe(Examples.Event.End);
    }

    [Fact]
    public async Task Deleted_event_is_gone_and_one_with_attendees_stays()
    {
        await storage.MakeAsync(c => c.Events.PutAsync(Examples.Event with { Code = "empty" }));
        await storage.EnterAsync("hackathon", "ada");

        (await storage.MakeAsync(c => c.Events.DeleteAsync(EventCode.Parse("empty")))).ShouldBeTrue();
        var refusal = await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Events.DeleteAsync(Examples.Hackathon)));

        refusal.Message.ShouldContain("archive it instead");
        storage.Snapshot.Events.Select(e => e.Code).ShouldBe([Examples.Hackathon]);
    }

    [Fact]
    public async Task Model_that_an_event_needs_as_it_is_cannot_be_changed_under_it()
    {
        var refusal = await Should.ThrowAsync<ChangeRefusedException>(
            () => storage.MakeAsync(c => c.Models.PutAsync(Examples.Gpt with { Aliases = [] })));

        refusal.Message.ShouldContain("event 'hackathon' would not work any more");
        refusal.Message.ShouldContain("'omni'");
        storage.Event("hackathon").Models.Find("omni").ShouldNotBeNull();
    }

    [Fact]
    public async Task Model_edited_is_edited_in_its_events()
    {
        await storage.MakeAsync(c => c.Models.PutAsync(Examples.Gpt with { MaxOutput = 5, Aliases = ["omni", "new"] }));

        storage.Event("hackathon").Models.Find("new")!.Model.MaxOutput.ShouldBe(5);
        storage.Event("hackathon").Models.Find("gpt-4o-latest").ShouldBeNull();
    }

    [Fact]
    public async Task Alias_that_is_anothers_name_is_refused()
    {
        var refusal = await Should.ThrowAsync<ChangeRefusedException>(
            () => storage.MakeAsync(c => c.Models.PutAsync(Examples.Embedder with { Aliases = ["OMNI"] })));

        refusal.Message.ShouldContain("'OMNI' is a name of model 'gpt-4o' already");
    }

    [Fact]
    public async Task What_is_used_cannot_be_deleted()
    {
        (await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Models.DeleteAsync("gpt-4o")))).Message.ShouldContain("hackathon");
        (await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Backends.DeleteAsync("west")))).Message.ShouldContain("gpt-4o");
        (await storage.MakeAsync(c => c.Deployments.DeleteAsync(new DeploymentDefinition("gpt-4o", "west", "my-gpt")))).ShouldBeTrue();
        (await storage.MakeAsync(c => c.Backends.DeleteAsync("west"))).ShouldBeTrue();

        storage.Snapshot.Backends.ShouldBeEmpty();
        storage.Event("hackathon").Models.Find("gpt-4o")!.Deployments.ShouldBeEmpty();
    }

    [Fact]
    public async Task Backend_keeps_its_key_unless_its_host_changes()
    {
        await storage.MakeAsync(c => c.Backends.PutAsync(Examples.Backend with { ApiKey = null, ApiVersion = "2025-01-01-preview" }));
        storage.Snapshot.Backends.Single().ApiVersion.ShouldBe("2025-01-01-preview");
        storage.Snapshot.Backends.Single().Credential.ShouldBe(new BackendCredential.ApiKey(Examples.ApiKey));

        var refusal = await Should.ThrowAsync<ChangeRefusedException>(
            () => storage.MakeAsync(c => c.Backends.PutAsync(Examples.Backend with { ApiKey = null, Endpoint = "https://thief.example" })));

        refusal.Errors[0].Field.ShouldBe("ApiKey");
    }

    [Theory]
    [InlineData("entra_kind = 77, client_secret_encrypted = NULL", "this version knows no kind 77")]
    [InlineData("entra_kind = 99999999999, client_secret_encrypted = NULL", "this version knows no kind")]
    [InlineData("entra_authority = 'nowhere'", "an absolute https URL")]
    [InlineData("entra_tenant = NULL", "the directory's id")]
    public async Task Identity_that_makes_no_sense_is_told_and_stops_nothing_else(string oddity, string reason)
    {
        await storage.MakeAsync(c => c.Backends.PutAsync(Examples.Application));
        await storage.DisposeAsync();
        RawDatabase.Run(directory["data/openai-proxy.db"], $"UPDATE backend SET {oddity} WHERE name = 'application'");

        storage = await StorageUnderTest.StartAsync(directory["data"]);

        storage.Snapshot.Backends.Single(b => b.Name == "application").Credential.ShouldBeOfType<BackendCredential.Unreadable>().Reason.ShouldContain(reason);
        storage.Snapshot.Backends.Single(b => b.Name == "west").Credential.ShouldBeOfType<BackendCredential.ApiKey>();
        await storage.MakeAsync(c => c.Backends.PutAsync(Examples.Application));
        storage.Snapshot.Backends.Single(b => b.Name == "application").Credential.ShouldBeOfType<BackendCredential.Entra>().Secret.ShouldBe(Examples.ClientSecret);
    }

    [Theory]
    [InlineData("not a url")]
    [InlineData("/relative")]
    [InlineData("ftp://x.example")]
    [InlineData("https://x.example/?q=1")]
    [InlineData("https://user:password@x.example")]
    public async Task Endpoint_must_be_a_plain_web_address(string endpoint) =>
        (await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Backends.PutAsync(Examples.Backend with { Endpoint = endpoint }))))
            .Errors[0].Field.ShouldBe("Endpoint");

    [Fact]
    public async Task Reading_cannot_write()
    {
        await Should.ThrowAsync<Exception>(() => storage.Reads.ReadAsync(
            async t =>
            {
                await t.Settings.PutAsync("a", "b");
                return 0;
            },
            CancellationToken.None));

        RawDatabase.Read<long>(Database, "SELECT COUNT(*) FROM setting").ShouldBe(0);
    }

    [Fact]
    public async Task Issued_key_works_at_once_until_it_expires_or_is_revoked()
    {
        var now = TimeProvider.System.GetUtcNow();
        var expiring = (await storage.MakeAsync(c => c.Keys.IssueOneAsync(Examples.Hackathon, "ada", now.AddHours(1)))).Key;
        var issued = await storage.MakeAsync(c => c.Keys.IssueOneAsync(Examples.Hackathon, "ada"));
        var lasting = issued.Key;

        storage.KeyRing.FindOwner(KeyHash.Of(expiring), now)!.Name.ShouldBe("ada");
        storage.KeyRing.FindOwner(KeyHash.Of(expiring), now.AddHours(1)).ShouldBeNull();
        (await storage.MakeAsync(c => c.Keys.RevokeAsync(Examples.Hackathon, issued.Id))).ShouldBeTrue();
        (await storage.MakeAsync(c => c.Keys.RevokeAsync(Examples.Hackathon, issued.Id))).ShouldBeFalse();
        storage.KeyRing.FindOwner(KeyHash.Of(lasting), now).ShouldBeNull();
        await storage.DisposeAsync();
        storage = await StorageUnderTest.StartAsync(directory["data"]);
        storage.KeyRing.FindOwner(KeyHash.Of(lasting), now).ShouldBeNull();
        var owner = storage.KeyRing.FindOwner(KeyHash.Of(expiring), now).ShouldNotBeNull();
        var views = (await storage.ReadAsync(t => t.Keys.PageAsync(Examples.Hackathon, new KeyQuery { AttendeeId = owner.Id }, Viewer.Everybody))).Items;
        views.Select(v => v.Hint).Order().ShouldBe(new[] { expiring[^4..], lasting[^4..] }.Order());
        views.Count(v => v.Revoked is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Key_that_would_be_expired_is_not_issued()
    {
        (await Should.ThrowAsync<ChangeRefusedException>(
            () => storage.MakeAsync(c => c.Keys.IssueAsync(Examples.Hackathon, "ada", DateTimeOffset.UnixEpoch)))).Errors[0].Field.ShouldBe("Expires");
    }

    [Fact]
    public async Task Blocked_attendee_is_blocked_at_once_and_after_a_restart()
    {
        var attendee = (await storage.EnterAsync("hackathon", "ada"))!;

        (await storage.MakeAsync(c => c.Attendees.BlockAsync(attendee.Id))).ShouldBeTrue();

        storage.KeyRing.FindAttendee(Examples.Hackathon, "ada")!.IsBlocked.ShouldBeTrue();
        (await storage.EnterAsync("hackathon", "ada"))!.IsBlocked.ShouldBeTrue();
        await storage.DisposeAsync();
        storage = await StorageUnderTest.StartAsync(directory["data"]);
        storage.KeyRing.FindAttendee(Examples.Hackathon, "ada")!.IsBlocked.ShouldBeTrue();
        await storage.MakeAsync(c => c.Attendees.UnblockAsync(attendee.Id));
        storage.KeyRing.FindAttendee(Examples.Hackathon, "ada")!.IsBlocked.ShouldBeFalse();
        (await storage.MakeAsync(c => c.Attendees.BlockAsync(999))).ShouldBeFalse();
    }

    [Fact]
    public async Task Attendee_who_is_given_a_key_does_not_count_as_come_by_code()
    {
        await storage.MakeAsync(c => c.Events.PutAsync(Examples.Event with { AttendeeCap = 1 }));
        await storage.MakeAsync(c => c.Keys.IssueAsync(Examples.Hackathon, "invited"));

        (await storage.EnterAsync("hackathon", "first")).ShouldNotBeNull();
        (await storage.EnterAsync("hackathon", "second")).ShouldBeNull();
        await storage.MakeAsync(c => c.Keys.IssueAsync(Examples.Hackathon, "invited too"));
    }
}
