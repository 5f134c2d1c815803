using System.Diagnostics;
using System.Reflection;
using System.Text;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Queries;
using OpenAIProxy.Storage.Sql.Access;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Storage.Tests;

public sealed class AuditTests : IAsyncLifetime
{
    private const string SharedSecretCanary = "canary-of-the-shared-secret", NewApiKey = "canary-of-the-new-api-key", User = "canary-of-the-user";

    private static readonly Actor Grace = Actor.Administrator("grace");
    private static readonly EventCode Other = EventCode.Parse("other");
    private static readonly EventCode Paused = EventCode.Parse("paused");
    private static readonly EventDefinition Closed =
        Examples.Event with { Code = "closed", State = EventState.Closed, TokenAdmission = Examples.Admission, StreamMode = StreamMode.Strict };

    private static readonly Limit Limit = new(0, LimitScope.Attendee, LimitUnit.TotalTokens, LimitWindow.Day, 50);
    private static readonly Price Price = new(1, 1, 1, 0, new DateOnly(2030, 1, 1), "a test");

    // Every way to change something, and the number of things it changes.
    private static readonly Dictionary<string, Func<Change, Known, Task>> Writes = new()
    {
        ["BackendTable.AddAsync"] = (c, _) => c.Backends.AddAsync(Examples.Backend with { Name = "new", ApiKey = NewApiKey }),
        ["BackendTable.PutAsync"] = (c, _) => c.Backends.PutAsync(Examples.Backend with { ApiKey = NewApiKey }),
        ["BackendTable.DeleteAsync"] = (c, _) => c.Backends.DeleteAsync("idle"),
        ["ModelTable.AddAsync"] = (c, _) => c.Models.AddAsync(Examples.Gpt with { Name = "new", Aliases = [] }),
        ["ModelTable.PutAsync"] = (c, _) => c.Models.PutAsync(Examples.Gpt with { MaxOutput = 3 }),
        ["ModelTable.DeleteAsync"] = (c, _) => c.Models.DeleteAsync("idle"),
        ["DeploymentTable.AddAsync"] = (c, _) => c.Deployments.AddAsync(new DeploymentDefinition("gpt-4o", "west", "added")),
        ["DeploymentTable.PutAsync"] = (c, _) => c.Deployments.PutAsync(new DeploymentDefinition("gpt-4o", "west", "put")),
        ["DeploymentTable.DeleteAsync"] = (c, _) => c.Deployments.DeleteAsync(new DeploymentDefinition("gpt-4o", "west", "my-gpt")),
        ["EventTable.AddAsync"] = (c, _) => c.Events.AddAsync(Examples.Event with { Code = "new", SharedSecret = SharedSecret.New(SharedSecretCanary) }),
        ["EventTable.PutAsync"] = (c, _) => c.Events.PutAsync(Examples.Event with { SharedSecret = SharedSecret.New(SharedSecretCanary) }),
        ["EventTable.DeleteAsync"] = (c, _) => c.Events.DeleteAsync(Other),
        ["EventTable.OpenAsync"] = (c, _) => c.Events.OpenAsync(Other),
        ["EventTable.PauseAsync"] = (c, _) => c.Events.PauseAsync(Examples.Hackathon),
        ["EventTable.ResumeAsync"] = (c, _) => c.Events.ResumeAsync(EventCode.Parse("paused")),
        ["EventTable.CloseAsync"] = (c, _) => c.Events.CloseAsync(Examples.Hackathon),
        ["EventTable.ArchiveAsync"] = (c, _) => c.Events.ArchiveAsync(EventCode.Parse("closed")),
        ["EventTable.ExtendToAsync"] = (c, _) => c.Events.ExtendToAsync(Examples.Hackathon, Examples.Event.End.AddDays(1)),
        ["EventTable.ExtendByAsync"] = (c, _) => c.Events.ExtendByAsync(Examples.Hackathon, TimeSpan.FromHours(1)),
        ["EventTable.CopyAsync"] = (c, _) => c.Events.CopyAsync(Paused, "copied"),
        ["EventTable.SetSharedSecretAsync"] = (c, _) => c.Events.SetSharedSecretAsync(Examples.Hackathon, SharedSecretCanary),
        ["EventTable.RemoveSharedSecretAsync"] = (c, _) => c.Events.RemoveSharedSecretAsync(Other),
        ["EventTable.SetOwnerAsync"] = (c, _) => c.Events.SetOwnerAsync(Examples.Hackathon, "ada"),
        ["EventTable.AddOrganiserAsync"] = (c, _) => c.Events.AddOrganiserAsync(Examples.Hackathon, "bob"),
        ["EventTable.RemoveOrganiserAsync"] = (c, _) => c.Events.RemoveOrganiserAsync(Other, "cleo"),
        ["AttendeeTable.BlockAsync"] = (c, k) => c.Attendees.BlockAsync(k.Attendee),
        ["AttendeeTable.UnblockAsync"] = (c, k) => c.Attendees.UnblockAsync(k.Blocked),
        ["AttendeeTable.RemoveAsync"] = (c, k) => c.Attendees.RemoveAsync(k.Attendee),
        ["LimitTable.AddAsync"] = (c, _) => c.Limits.AddAsync(Examples.Hackathon, Limit with { Unit = LimitUnit.Requests }),
        ["LimitTable.SetCapAsync"] = (c, k) => c.Limits.SetCapAsync(Examples.Hackathon, k.Limit, 7),
        ["LimitTable.DeleteAsync"] = (c, k) => c.Limits.DeleteAsync(Examples.Hackathon, k.Limit),
        ["LimitTable.RaiseAsync"] = (c, k) => c.Limits.RaiseAsync(k.Attendee, k.Limit, 70),
        ["PriceTable.PutAsync"] = (c, _) => c.Prices.PutAsync("gpt-4o", Price),
        ["PriceTable.PutKnownAsync"] = (c, _) => c.Prices.PutKnownAsync("gpt-4o"),
        ["PriceTable.DeleteAsync"] = (c, _) => c.Prices.DeleteAsync("text-embedding-3-small"),
        ["KeyTable.IssueOneAsync"] = (c, _) => c.Keys.IssueOneAsync(Examples.Hackathon, User + "-one"),
        ["KeyTable.IssueManyAsync"] = (c, _) => c.Keys.IssueManyAsync(Examples.Hackathon, [User + "-many"]),
        ["KeyTable.RotateAsync"] = (c, k) => c.Keys.RotateAsync(Examples.Hackathon, k.Key.Id, TimeSpan.FromHours(1)),
        ["KeyTable.RevokeAsync"] = (c, k) => c.Keys.RevokeAsync(Examples.Hackathon, k.Key.Id),
        ["TokenTable.IssueAsync"] = (c, _) => c.Tokens.IssueAsync(new TokenDefinition("new", ApiRole.Administrator)),
        ["TokenTable.RevokeAsync"] = (c, k) => c.Tokens.RevokeAsync(k.Token.View.Id),
        ["SettingTable.PutAsync"] = (c, _) => c.Settings.PutAsync("new", "value"),
    };

    private static readonly string[] Reading = ["ListAsync", "GetAsync", "ShowAsync", "PageAsync", "FindAsync", "SumAsync"];

    private readonly TemporaryDirectory directory = new();
    private StorageUnderTest storage = null!;
    private Known known = null!;

    public static TheoryData<string> WriteNames => [.. Writes.Keys];

    public async ValueTask InitializeAsync()
    {
        storage = await StorageUnderTest.StartAsync(directory["data"]);
        await storage.MakeAsync(Examples.PutAllAsync);
        known = await storage.MakeAsync(MakeKnownAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public void Every_public_method_that_writes_is_tested_here()
    {
        var methods = typeof(Change).GetProperties()
            .SelectMany(p => p.PropertyType.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(m => !m.IsSpecialName && !Reading.Contains(m.Name))
            .Select(m => $"{m.DeclaringType!.Name}.{m.Name}")
            .Distinct();

        methods.ShouldBe(Writes.Keys, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(WriteNames))]
    public async Task Whatever_is_changed_leaves_one_entry_that_says_who(string write)
    {
        var before = await EntriesAsync();
        var version = storage.Snapshot.Version;

        await storage.MakeAsync(Grace, c => Writes[write](c, known));

        var entry = (await EntriesAsync()).Except(before).ShouldHaveSingleItem();
        entry.Actor.ShouldBe("grace");
        (entry.Before ?? entry.After).ShouldNotBeNull();
        entry.Before.ShouldNotBe(entry.After);
        storage.Snapshot.Version.ShouldBe(version + 1);
    }

    [Theory]
    [MemberData(nameof(WriteNames))]
    public async Task What_is_taken_back_leaves_no_entry(string write)
    {
        var (before, snapshot) = (await EntriesAsync(), storage.Snapshot);

        await storage.Changes.RehearseAsync(Grace, async c =>
        {
            await Writes[write](c, known);
            c.Trail.Entries.Count.ShouldBe(1);
            return true;
        }, CancellationToken.None);

        (await EntriesAsync()).ShouldBe(before);
        storage.Snapshot.ShouldBeSameAs(snapshot);
    }

    [Fact]
    public async Task Putting_what_is_there_already_changes_nothing()
    {
        var (before, snapshot) = (await EntriesAsync(), storage.Snapshot);
        var version = (await storage.ReadAsync(t => t.Events.ShowAsync(Examples.Hackathon, Viewer.Everybody)))!.Version;

        await storage.MakeAsync(Grace, Examples.PutAllAsync);
        await storage.MakeAsync(Grace, c => c.Backends.PutAsync(Examples.Application));
        await storage.MakeAsync(Grace, c => c.Backends.PutAsync(Examples.Application with { Entra = null, KeepsIdentity = true }));
        await storage.MakeAsync(Grace, c => c.Events.PutAsync(Closed));
        await storage.MakeAsync(Grace, c => c.Attendees.BlockAsync(known.Blocked));
        await storage.MakeAsync(Grace, c => c.Events.OpenAsync(Examples.Hackathon));

        (await EntriesAsync()).ShouldBe(before);
        storage.Snapshot.ShouldBeSameAs(snapshot);
        (await storage.ReadAsync(t => t.Events.ShowAsync(Examples.Hackathon, Viewer.Everybody)))!.Version.ShouldBe(version);
    }

    [Fact]
    public async Task No_entry_has_a_secret_a_hash_or_a_user_in_it()
    {
        foreach (var write in Writes.Values)
            await Should.ThrowAsync<Undone>(() => storage.MakeAsync(Grace, async c =>
            {
                await write(c, known);
                var text = string.Join('\n', await EntriesOfAsync(c));
                var secrets = new[] { SharedSecretCanary, NewApiKey, Examples.ApiKey, User, known.Key.Key, known.Token.Token, "canary" };
                foreach (var secret in secrets)
                    text.ShouldNotContain(secret);
                foreach (var hash in new[] { KeyHash.Of(known.Key.Key).ToByteArray(), KeyHash.Of(known.Token.Token).ToByteArray() })
                {
                    text.ShouldNotContain(Convert.ToBase64String(hash));
                    text.ShouldNotContain(Convert.ToHexString(hash), Case.Insensitive);
                }
                throw new Undone();
            }));
        foreach (var file in Directory.GetFiles(directory["data"], "openai-proxy.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            foreach (var secret in new[] { SharedSecretCanary, Examples.ApiKey, Examples.ClientSecret, known.Key.Key, known.Token.Token })
                bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1, file);
        }
    }

    [Fact]
    public async Task Limits_of_a_copy_and_of_an_event_that_is_deleted_are_recorded()
    {
        var before = await EntriesAsync();

        await storage.MakeAsync(Grace, c => c.Events.CopyAsync(Examples.Hackathon, "copied"));
        await storage.MakeAsync(Grace, c => c.Events.DeleteAsync(EventCode.Parse("copied")));

        var limit = (await EntriesAsync()).First(e => e.Kind == Audit.AuditKind.Limit).Name;
        (await EntriesAsync()).Except(before).Select(e => $"{e.Action} {e.Kind} {e.Name} {e.Event}").ShouldBe(
            ["Delete Event copied copied", $"Delete Limit {limit} copied", $"Create Limit {limit} copied", "Copy Event copied copied"]);
        (await EntriesAsync()).First(e => e.Kind == Audit.AuditKind.Limit).Before.ShouldBe("""{"scope":"attendee","unit":"totalTokens","window":"day","cap":50,"model":null}""");
    }

    [Fact]
    public async Task Price_of_a_model_that_is_deleted_is_recorded()
    {
        await storage.MakeAsync(c => c.Prices.PutAsync("idle", Price));
        var before = await EntriesAsync();

        await storage.MakeAsync(Grace, c => c.Models.DeleteAsync("idle"));

        (await EntriesAsync()).Except(before).Select(e => $"{e.Action} {e.Kind} {e.Name}").ShouldBe(["Delete Model idle", "Delete Price idle"]);
    }

    [Fact]
    public async Task Trail_can_be_searched_and_is_newest_first()
    {
        await storage.MakeAsync(Grace, c => c.Events.PauseAsync(Examples.Hackathon));
        await storage.MakeAsync(Grace, c => c.Events.ResumeAsync(Examples.Hackathon));

        var page = await storage.ReadAsync(t => t.Audit.PageAsync(
            new AuditQuery { Actor = "grace", Kind = Audit.AuditKind.Event, Name = "hackathon", PageSize = 1 }, Viewer.Everybody));

        page.Total.ShouldBe(2);
        page.Items.Single().Action.ShouldBe(Audit.AuditAction.Resume);
        page.Items.Single().Before.ShouldBe("""{"state":"paused"}""");
        page.Items.Single().After.ShouldBe("""{"state":"open"}""");
    }

    [Fact]
    public async Task Organiser_of_a_large_event_reads_its_trail_in_no_time()
    {
        await storage.MakeAsync(c => c.Events.SetOwnerAsync(Examples.Hackathon, "ada"));
        RawDatabase.Run(
            directory["data/openai-proxy.db"],
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
            INSERT INTO audit (at, actor, action, kind, name, event) SELECT 1, 'ada', CASE i % 10 WHEN 0 THEN 'change' ELSE 'issue' END,
                CASE i % 10 WHEN 0 THEN 'event' ELSE 'key' END, CASE i % 10 WHEN 0 THEN 'hackathon' ELSE i END, 'hackathon' FROM n
            """);
        var started = Stopwatch.GetTimestamp();

        var page = await storage.ReadAsync(t => t.Audit.PageAsync(new AuditQuery { PageSize = 1 }, Viewer.Organiser("ada")));

        page.Total.ShouldBeGreaterThan(10_000);
        // Some milliseconds; where each row looks for the beginning of its event anew, it is most of a minute.
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    private static async Task<Known> MakeKnownAsync(Change c)
    {
        await c.Backends.PutAsync(Examples.Backend with { Name = "idle" });
        await c.Backends.PutAsync(Examples.Application);
        await c.Models.PutAsync(Examples.Gpt with { Name = "idle", Aliases = [] });
        await c.Events.AddAsync(Examples.Event with { Code = "other", State = EventState.Draft, SharedSecret = SharedSecret.New(SharedSecretCanary) });
        await c.Events.AddOrganiserAsync(Other, "cleo");
        await c.Events.AddAsync(Examples.Event with { Code = "paused", State = EventState.Paused });
        await c.Events.AddAsync(Closed);
        var key = await c.Keys.IssueOneAsync(Examples.Hackathon, User);
        var blocked = await c.Keys.IssueOneAsync(Examples.Hackathon, User + "-blocked");
        await c.Attendees.BlockAsync(blocked.AttendeeId);
        var token = await c.Tokens.IssueAsync(new TokenDefinition("known", ApiRole.Organiser, "ada"));
        await c.Prices.PutAsync("text-embedding-3-small", Price);
        var limit = await c.Limits.AddAsync(Examples.Hackathon, Limit);
        return new Known(key.AttendeeId, blocked.AttendeeId, key, token, limit);
    }

    private Task<IReadOnlyList<Audit.AuditView>> EntriesAsync() => storage.ReadAsync(EntriesOfAsync);

    private static async Task<IReadOnlyList<Audit.AuditView>> EntriesOfAsync(Tables tables) =>
        (await tables.Audit.PageAsync(new AuditQuery { PageSize = 500 }, Viewer.Everybody)).Items;

    private sealed record Known(long Attendee, long Blocked, IssuedKey Key, IssuedToken Token, long Limit);

    private sealed class Undone : Exception;
}
