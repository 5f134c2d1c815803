using Dapper;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Ledger;
using OpenAIProxy.Storage.Tests.Ledger;

namespace OpenAIProxy.Storage.Tests;

public sealed class StartTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Fresh_directory_becomes_an_empty_database()
    {
        await using var storage = await StorageUnderTest.StartAsync(directory["data"]);

        storage.Snapshot.Events.ShouldBeEmpty();
        storage.Snapshot.Backends.ShouldBeEmpty();
        (await storage.Readiness.IsReadyAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Database_waits_for_the_disk_where_the_ledger_survives_power_loss(bool survivesPowerLoss, long synchronous)
    {
        var options = new StorageOptions { DataDirectory = directory["data"], Ledger = new LedgerOptions { SurvivesPowerLoss = survivesPowerLoss } };
        await using (var storage = await StorageUnderTest.StartAsync(options, new Clock(Asking.Noon)))
        {
            storage.Database.Writer().ExecuteScalar<long>("PRAGMA synchronous").ShouldBe(synchronous);
            await storage.Ledger.UseAsync(Asking.Demand([]), 1, 2);
        }

        // Whatever was written in that way is read again.
        await using var again = await StorageUnderTest.StartAsync(options);
        (await again.Verification.RunAsync(CancellationToken.None)).Entries.ShouldBe(1);
    }

    [Fact]
    public async Task Key_that_a_start_took_for_expired_works_when_the_clock_is_right_again()
    {
        var options = new StorageOptions { DataDirectory = directory["data"] };
        var clock = new Clock(Asking.Noon);
        string key;
        await using (var first = await StorageUnderTest.StartAsync(options, clock))
        {
            await first.MakeAsync(Examples.PutAllAsync);
            key = await first.MakeAsync(c => c.Keys.IssueAsync(Examples.Hackathon, "ada", clock.Now.AddDays(1)));
        }
        clock.Now = Asking.Noon.AddDays(5);

        await using var second = await StorageUnderTest.StartAsync(options, clock);

        second.KeyRing.FindOwner(KeyHash.Of(key), clock.Now).ShouldBeNull();
        second.KeyRing.FindOwner(KeyHash.Of(key), Asking.Noon).ShouldNotBeNull().Name.ShouldBe("ada");
    }

    [Fact]
    public async Task Second_start_finds_everything()
    {
        string key;
        await using (var first = await StorageUnderTest.StartAsync(directory["data"]))
        {
            await first.MakeAsync(Examples.PutAllAsync);
            await first.MakeAsync(c => c.Settings.PutAsync("demo", "yes"));
            key = await first.MakeAsync(c => c.Keys.IssueAsync(Examples.Hackathon, "ada"));
            await first.EnterAsync("hackathon", "grace");
        }

        await using var second = await StorageUnderTest.StartAsync(directory["data"]);

        var @event = second.Event("hackathon");
        @event.Name.ShouldBe("Spring hackathon");
        @event.Description.ShouldBe("Bring *ideas*.");
        @event.Organiser.ShouldBe(new Organiser("Ada", "ada@example.org"));
        @event.ImageUrl.ShouldBe("https://example.org/logo.png");
        @event.Window.Opens.ShouldBe(new DateTimeOffset(2030, 5, 1, 7, 0, 0, TimeSpan.Zero));
        @event.Window.End.ShouldBe(Examples.Event.End);
        @event.Window.TimeZone.Id.ShouldBe("Europe/Berlin");
        @event.State.ShouldBe(EventState.Open);
        @event.Models.Offers.Select(o => o.Model.Name).ShouldBe(["text-embedding-3-small", "gpt-4o"]);
        @event.Models.DefaultFor(Operation.ChatCompletions)!.Model.Name.ShouldBe("gpt-4o");
        @event.OutputCap.ShouldBe(1_000);
        @event.ReasoningOutputCap.ShouldBe(2_000);
        @event.AttendeeCap.ShouldBe(20);
        @event.AllowedOrigins.ShouldBe(["https://app.example", "http://localhost:3000"]);
        var model = @event.Models.Find("GPT-4o-Latest")!;
        model.Model.ShouldBe(Examples.Gpt with { Aliases = model.Model.Aliases, Operations = model.Model.Operations });
        model.Model.Aliases.ShouldBe(["gpt-4o-latest", "omni"]);
        var deployment = model.Deployments.ShouldHaveSingleItem();
        deployment.Name.ShouldBe("my-gpt");
        deployment.Backend.Endpoint.ShouldBe(new Uri("https://west.openai.azure.com/base"));
        deployment.Backend.Credential.ShouldBe(new BackendCredential.ApiKey(Examples.ApiKey));
        second.KeyRing.FindOwner(KeyHash.Of(key), DateTimeOffset.UnixEpoch)!.Name.ShouldBe("ada");
        second.KeyRing.FindAttendee(Examples.Hackathon, "grace").ShouldNotBeNull();
        (await second.Reads.ReadAsync(t => t.Settings.GetAsync("demo"), CancellationToken.None)).ShouldBe("yes");
        second.Log.Lines.ShouldNotContain(l => l.StartsWith("Warning", StringComparison.Ordinal) || l.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_without_deployments_is_offered_without_a_route()
    {
        await using var storage = await StorageUnderTest.StartAsync(directory["data"]);

        await storage.MakeAsync(Examples.PutAllAsync);

        storage.Event("hackathon").Models.Find("text-embedding-3-small")!.Deployments.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_owner_may_read_what_storage_makes()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }
        await using var storage = await StorageUnderTest.StartAsync(directory["data"]);

        await storage.MakeAsync(Examples.PutAllAsync);

        foreach (var path in Directory.EnumerateFileSystemEntries(directory["data"], "*", SearchOption.AllDirectories).Append(directory["data"]))
            (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)).ShouldBe(UnixFileMode.None, path);
        File.GetUnixFileMode(directory["data/openai-proxy.db-wal"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Second_owner_of_a_data_directory_is_refused_until_the_first_lets_go()
    {
        await using (var first = await StorageUnderTest.StartAsync(directory["data"]))
        {
            var refusal = await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(directory["data"]));
            refusal.Message.ShouldContain($"in use by another process ({Environment.ProcessId})");
            (await first.Readiness.IsReadyAsync(CancellationToken.None)).ShouldBeTrue();
        }

        await using var second = await StorageUnderTest.StartAsync(directory["data"]);
        second.Snapshot.Version.ShouldBe(0);
    }
}
