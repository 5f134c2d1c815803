using System.Text.Json;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Configuration;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Tests;

public sealed class ConfigurationTests : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private StorageUnderTest storage = null!;

    public async ValueTask InitializeAsync()
    {
        storage = await StorageUnderTest.StartAsync(directory["data"]);
        await storage.MakeAsync(Examples.PutAllAsync);
        await storage.MakeAsync(async c =>
        {
            // Nothing of it is as new events have it.
            await c.Events.PutAsync(Examples.Event with
            {
                Entrance = Entrance.SharedSecret,
                SharedSecret = SharedSecret.New("canary-secret"),
                HashesUserIds = true,
                CutsInFlight = true,
                TokenAdmission = Examples.Admission,
                StreamMode = StreamMode.Strict,
                RetentionDays = 30,
            });
            await c.Events.SetOwnerAsync(Examples.Hackathon, "ada");
            await c.Prices.PutAsync("gpt-4o", new Price(4, 3, 2, 1, new DateOnly(2026, 5, 1), "a contract"));
            await c.Limits.AddAsync(Examples.Hackathon, new Limit(0, LimitScope.Attendee, LimitUnit.Money, LimitWindow.Day, 5_000_000, "gpt-4o"));
            await c.Events.AddOrganiserAsync(Examples.Hackathon, "bob");
        });
    }

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task New_model_has_the_known_price_unless_the_document_says_another_or_none()
    {
        await using var fresh = await StorageUnderTest.StartAsync(directory["fresh"]);
        var known = KnownPrices.Find("gpt-4o").ShouldNotBeNull();
        var own = new Price(4, 3, 2, 1, new DateOnly(2026, 5, 1), "a contract");
        ConfigurationDocument document = new() { Models = [NewModel("gpt-4o"), NewModel("gpt-4") with { Price = own }, NewModel("gpt-4o-mini") with { Price = null }, NewModel("my-model")] };

        await fresh.MakeAsync(c => ConfigurationApply.ApplyAsync(c, document));

        (await PricesAsync()).ShouldBe([own, known, null, null]);
        (await fresh.MakeAsync(c => ConfigurationApply.ApplyAsync(c, document))).ShouldBeEmpty();
        await fresh.MakeAsync(c => c.Prices.DeleteAsync("gpt-4o"));
        (await fresh.MakeAsync(c => ConfigurationApply.ApplyAsync(c, document))).ShouldBeEmpty();
        await fresh.MakeAsync(c => ConfigurationApply.ApplyAsync(c, new ConfigurationDocument { Models = [NewModel("gpt-4") with { Price = null }] }));
        (await PricesAsync()).ShouldBe([null, null, null, null]);

        async Task<IEnumerable<Price?>> PricesAsync() => (await fresh.ReadAsync(t => t.Models.ListAsync())).Select(m => m.Price);
    }

    [Fact]
    public async Task Exported_elsewhere_a_model_without_a_price_stays_so()
    {
        await using var fresh = await StorageUnderTest.StartAsync(directory["fresh"]);
        await using var elsewhere = await StorageUnderTest.StartAsync(directory["elsewhere"]);
        await fresh.MakeAsync(c => ConfigurationApply.ApplyAsync(c, new ConfigurationDocument { Models = [NewModel("gpt-4o") with { Price = null }, NewModel("gpt-4")] }));
        var exported = JsonSerializer.Serialize(await fresh.ReadAsync(ConfigurationExport.ReadAsync));

        await elsewhere.MakeAsync(c => ConfigurationApply.ApplyAsync(c, JsonSerializer.Deserialize<ConfigurationDocument>(exported)!));

        JsonSerializer.Serialize(await elsewhere.ReadAsync(ConfigurationExport.ReadAsync)).ShouldBe(exported);
    }

    private static ConfiguredModel NewModel(string name) =>
        new() { Name = name, Family = ModelFamily.Chat, Operations = [Operation.ChatCompletions], ContextWindow = 100, MaxOutput = 10 };

    [Fact]
    public async Task Export_applied_on_an_empty_database_is_exported_equal()
    {
        var document = await ExportAsync(storage);
        document.RequiredSecrets.ShouldBe(["backends/west/apiKey", "events/hackathon/sharedSecret"]);
        Text(document).ShouldNotContain("canary");
        await using var other = await StorageUnderTest.StartAsync(directory["other"]);

        var missing = await Should.ThrowAsync<ChangeRefusedException>(() => other.MakeAsync(c => ConfigurationApply.ApplyAsync(c, document)));
        await other.MakeAsync(c => ConfigurationApply.ApplyAsync(c, WithSecrets(document)));

        missing.Errors.Select(e => e.Field).ShouldContain("backends/west/apiKey");
        missing.Errors.Select(e => e.Field).ShouldContain("events/hackathon/sharedSecret");
        Text(await ExportAsync(other)).ShouldBe(Text(document));
    }

    [Fact]
    public async Task Second_apply_finds_no_differences_and_writes_nothing()
    {
        var document = WithSecrets(await ExportAsync(storage)) with { Models = [] };
        document = document with { Events = [document.Events[0] with { Name = "Autumn", Owner = "cleo", CoOrganisers = ["dora"] }] };

        var first = await storage.MakeAsync(c => ConfigurationApply.ApplyAsync(c, document));
        var (snapshot, entries) = (storage.Snapshot, AuditCount());
        var second = await storage.MakeAsync(c => ConfigurationApply.ApplyAsync(c, document));

        var difference = first.Single(d => d.Kind == AuditKind.Event);
        difference.Action.ShouldBe(AuditAction.Change);
        difference.Fields.Keys.ShouldBe(["name", "sharedSecret", "owner", "coOrganisers"], ignoreOrder: true);
        string.Join(' ', first.SelectMany(d => d.Fields.Values)).ShouldNotContain("given");
        second.ShouldBeEmpty();
        (await storage.ReadAsync(t => t.Events.ShowAsync(Examples.Hackathon, Viewer.Everybody)))!.CoOrganisers.ShouldBe(["dora"]);
        storage.Snapshot.ShouldBeSameAs(snapshot);
        AuditCount().ShouldBe(entries);
    }

    [Fact]
    public async Task State_and_identity_that_a_document_does_not_say_stay()
    {
        await storage.MakeAsync(c => c.Backends.PutAsync(Examples.Application));
        var document = await ExportAsync(storage);
        var application = document.Backends.Single(b => b.Name == "application");

        var told = await storage.MakeAsync(c => ConfigurationApply.ApplyAsync(c, new ConfigurationDocument
        {
            Backends = [new ConfiguredBackend(application.Name, application.Endpoint, application.ApiVersion)],
            Events = [document.Events[0] with { State = null }],
        }));

        told.ShouldBeEmpty();
        storage.Event("hackathon").State.ShouldBe(EventState.Open);
    }

    [Fact]
    public async Task Things_whose_names_differ_in_case_alone_are_one_thing_twice()
    {
        var document = await ExportAsync(storage);

        var refusal = await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => ConfigurationApply.ApplyAsync(
            c, new ConfigurationDocument { Events = [document.Events[0], document.Events[0] with { Code = "Hackathon", Name = "Other" }] })));

        refusal.Errors.ShouldHaveSingleItem().ShouldBe(new FieldError("events/hackathon", "is in the document twice."));
    }

    [Theory]
    [InlineData(EventState.Draft, false)]
    [InlineData(EventState.Archived, false)]
    [InlineData(EventState.Closed, true)]
    [InlineData(EventState.Paused, true)]
    public async Task Document_makes_the_steps_of_an_events_life_that_an_organiser_could_make(EventState state, bool isAllowed)
    {
        var document = await ExportAsync(storage);
        var applying = () => storage.MakeAsync(c => ConfigurationApply.ApplyAsync(c, new ConfigurationDocument { Events = [document.Events[0] with { State = state }] }));

        if (isAllowed)
            await applying();
        else
            (await Should.ThrowAsync<ChangeRefusedException>(applying)).Kind.ShouldBe(WhyRefused.WrongState);

        (await storage.ReadAsync(t => t.Events.GetAsync(Examples.Hackathon)))!.State.ShouldBe(isAllowed ? state : EventState.Open);
    }

    [Fact]
    public async Task Dry_run_tells_the_same_and_writes_nothing()
    {
        var document = new ConfigurationDocument();
        var (snapshot, entries) = (storage.Snapshot, AuditCount());

        var rehearsed = await storage.Changes.RehearseAsync(
            Actor.Administrator("ci"), c => ConfigurationApply.ApplyAsync(c, document, prune: true), CancellationToken.None);

        storage.Snapshot.ShouldBeSameAs(snapshot);
        AuditCount().ShouldBe(entries);
        var made = await storage.MakeAsync(c => ConfigurationApply.ApplyAsync(c, document, prune: true));
        made.Select(d => (d.Action, d.Kind, d.Name)).ShouldBe(rehearsed.Select(d => (d.Action, d.Kind, d.Name)));
        made.Count.ShouldBe(7);
        storage.Snapshot.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pruning_tells_of_the_limits_and_prices_that_go_with_their_things()
    {
        var told = await storage.MakeAsync(c => ConfigurationApply.ApplyAsync(c, new ConfigurationDocument(), prune: true));

        told.Where(d => d.Action == AuditAction.Delete).Select(d => d.Kind).ShouldBe(
            [AuditKind.Limit, AuditKind.Event, AuditKind.Deployment, AuditKind.Price, AuditKind.Model, AuditKind.Model, AuditKind.Backend], ignoreOrder: true);
    }

    [Fact]
    public async Task Without_pruning_what_a_document_does_not_have_stays()
    {
        (await storage.MakeAsync(c => ConfigurationApply.ApplyAsync(c, new ConfigurationDocument()))).ShouldBeEmpty();

        storage.Event("hackathon").Name.ShouldBe(Examples.Event.Name);
    }

    [Fact]
    public async Task Limits_become_those_of_the_document_and_keep_their_ids_where_they_are_alike()
    {
        var document = await ExportAsync(storage);
        var known = storage.Event("hackathon").Limits.ShouldHaveSingleItem();
        ConfiguredLimit[] wanted =
        [
            new() { Scope = LimitScope.Attendee, Unit = LimitUnit.Money, Window = LimitWindow.Day, Cap = 7, Model = "GPT-4o" },
            new() { Scope = LimitScope.Event, Unit = LimitUnit.Requests, Cap = 8 },
        ];

        (await ApplyAsync(wanted)).Select(d => (d.Kind, d.Event)).Distinct().ShouldBe([(AuditKind.Limit, "hackathon")]);

        storage.Event("hackathon").Limits.ShouldBe([known with { Cap = 7 }, new Limit(known.Id + 1, LimitScope.Event, LimitUnit.Requests, LimitWindow.Event, 8)]);
        (await ApplyAsync(wanted)).ShouldBeEmpty();
        (await ApplyAsync(null)).ShouldBeEmpty();
        (await Should.ThrowAsync<ChangeRefusedException>(() => ApplyAsync([wanted[0], wanted[0]]))).Errors.ShouldHaveSingleItem().Field.ShouldBe("events/hackathon/limits");
        (await ApplyAsync([])).Count.ShouldBe(2);
        storage.Event("hackathon").Limits.ShouldBeEmpty();

        Task<IReadOnlyList<ConfigurationDifference>> ApplyAsync(IReadOnlyList<ConfiguredLimit>? limits) => storage.MakeAsync(
            c => ConfigurationApply.ApplyAsync(c, new ConfigurationDocument { Events = [document.Events[0] with { Limits = limits }] }));
    }

    [Fact]
    public async Task An_event_that_is_new_and_says_nothing_of_limits_has_those_of_new_events()
    {
        var document = await ExportAsync(storage);

        await storage.MakeAsync(c => ConfigurationApply.ApplyAsync(
            c, new ConfigurationDocument { Events = [document.Events[0] with { Code = "new", Entrance = Entrance.AnyUser, Limits = null }] }));

        storage.Event("new").Limits.Select(l => l with { Id = 0 }).ShouldBe(DefaultLimits.All);
    }

    private static ConfigurationDocument WithSecrets(ConfigurationDocument document) => document with
    {
        Backends = [.. document.Backends.Select(b => b with { ApiKey = "given-key" })],
        Events = [.. document.Events.Select(e => e with { SharedSecret = "given-secret" })],
    };

    private static Task<ConfigurationDocument> ExportAsync(StorageUnderTest from) => from.ReadAsync(ConfigurationExport.ReadAsync);

    private static string Text(ConfigurationDocument document) => JsonSerializer.Serialize(document);

    private long AuditCount() => RawDatabase.Read<long>(directory["data/openai-proxy.db"], "SELECT COUNT(*) FROM audit");
}
