using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Audit;
using OpenAIProxy.Storage.Configuration;

namespace OpenAIProxy.Storage.Tests;

/// <summary>While a document is applied nobody else writes: newcomers and other organisers wait for it.</summary>
public sealed class LargeDocumentTests : IDisposable
{
    private static readonly ConfiguredModel Model = new() { Name = "gpt-4o", Family = ModelFamily.Chat, Operations = [Operation.ChatCompletions], ContextWindow = 1_000, MaxOutput = 100 };

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Twice_as_many_events_are_twice_the_work_whatever_is_done_with_them()
    {
        var few = await WorkAsync(100);
        var many = await WorkAsync(200);

        foreach (var (done, less, more) in few.Zip(many, (f, m) => (f.Done, f, m)))
        {
            more.Statements.ShouldBeLessThan(less.Statements * 21 / 10, done);
            more.Instructions.ShouldBeLessThan(less.Instructions * 22 / 10, done);
            more.Statements.ShouldBeLessThan(less.Most * 200, done);
        }
    }

    /// <param name="Most">Statements for each event.</param>
    private sealed record Work(string Done, long Statements, long Instructions, int Most);

    private async Task<IReadOnlyList<Work>> WorkAsync(int count)
    {
        await using var storage = await StorageUnderTest.StartAsync(directory[$"of {count}"]);
        var document = Document(count);
        var renamed = document with { Events = [.. document.Events.Select(e => e with { Name = "Autumn" })] };
        return
        [
            await ApplyAsync("new", document, count, 40),
            await ApplyAsync("again", document, 0, 10),
            await ApplyAsync("changed", renamed, count, 12),
            await ApplyAsync("pruned", new ConfigurationDocument { Models = document.Models }, count, 24),
        ];

        async Task<Work> ApplyAsync(string done, ConfigurationDocument next, int events, int most)
        {
            using var work = new WriterWork(storage);
            var differences = await storage.MakeAsync(c => ConfigurationApply.ApplyAsync(c, next, prune: true));
            differences.Count(d => d.Kind == AuditKind.Event).ShouldBe(events, done);
            return new Work(done, work.Statements, work.Instructions, most);
        }
    }

    private static ConfigurationDocument Document(int count) => new()
    {
        Models = [Model],
        Events = [.. Enumerable.Range(0, count).Select(Event)],
    };

    private static ConfiguredEvent Event(int number) => new()
    {
        Code = $"event-{number}",
        Name = "Spring",
        Organiser = new Organiser("Ada", null),
        Start = new DateTime(2026, 5, 1, 9, 0, 0),
        End = new DateTime(2026, 5, 2, 18, 0, 0),
        TimeZone = "Europe/Berlin",
        Models = [Model.Name],
        Defaults = new ConfiguredDefaults(ChatCompletions: Model.Name),
        SharedSecret = $"secret-of-{number}",
        Owner = "ada",
        CoOrganisers = ["bob"],
    };
}
