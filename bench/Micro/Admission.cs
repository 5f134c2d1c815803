using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Bench.Load;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Gateway;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Micro;

/// <summary>Setting aside and settling, in a ledger on the disk.</summary>
public class Admission
{
    private const int AtOnce = 64;
    private const int InARow = 16;
    private const long Wide = 1_000_000_000_000;

    private static readonly Model Chat = new()
    {
        Name = "chat",
        Family = ModelFamily.Chat,
        Operations = [Operation.ChatCompletions],
        ContextWindow = 1_000_000,
        MaxOutput = 16_384,
        Price = new Price(150_000, 75_000, 600_000, 0, new DateOnly(2026, 1, 1), "bench"),
    };

    private readonly string directory = Directory.CreateTempSubdirectory("bench-").FullName;
    private ServiceProvider? parts;
    private StorageStartup? startup;
    private Attendant[] attendants = [];

    [GlobalSetup]
    public async Task OpenAsync()
    {
        parts = new ServiceCollection().AddStorage(new StorageOptions { DataDirectory = directory }).BuildServiceProvider();
        startup = parts.GetRequiredService<StorageStartup>();
        await startup.StartAsync(CancellationToken.None);
        var ledger = parts.GetRequiredService<ILedger>();
        attendants = [.. Enumerable.Range(1, AtOnce).Select(id => new Attendant(ledger, id))];
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        foreach (var attendant in attendants)
            attendant.Dispose();
        startup?.Dispose();
        if (parts is not null)
            await parts.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = InARow)]
    public Task OneAfterTheOtherAsync() => attendants[0].AdmitAsync();

    [Benchmark(OperationsPerInvoke = AtOnce * InARow)]
    public Task SixtyFourAtOnceAsync() => Task.WhenAll(attendants.Select(attendant => attendant.AdmitAsync()));

    // The limits of a new event, and one on money; so wide that they count and do not refuse.
    private static Event EventNow()
    {
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        return new Event
        {
            Code = EventCode.Parse("bench"),
            Name = "bench",
            Organiser = new Organiser("Olga", "olga@example.org"),
            Window = new EventWindow(today.AddDays(-1), today.AddDays(7), TimeZoneInfo.Utc),
            State = EventState.Open,
            Models = new EventModels([new Offer(Chat, [])], new Dictionary<Operation, string>()),
            Secret = EventSecret.Generate(),
            Limits =
            [
                new(1, LimitScope.Attendee, LimitUnit.Requests, LimitWindow.Minute, Wide),
                new(2, LimitScope.Attendee, LimitUnit.TotalTokens, LimitWindow.Day, Wide),
                new(3, LimitScope.Attendee, LimitUnit.InFlight, LimitWindow.Event, Wide),
                new(4, LimitScope.Attendee, LimitUnit.Money, LimitWindow.Day, Wide),
            ],
        };
    }

    private sealed class Attendant : IDisposable
    {
        private readonly Reserver reserver;
        private readonly ILedger ledger;
        private readonly Event @event = EventNow();
        private readonly Attendee attendee;
        private readonly Call call;

        public Attendant(ILedger ledger, long id)
        {
            this.ledger = ledger;
            reserver = new Reserver(ledger, new GatewayOptions(), TimeProvider.System);
            attendee = new Attendee(id, @event.Code, "ann", IsBlocked: false);
            // As the reader of requests does, whose buffers go back when a call ends.
            var body = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(Bodies.Chat.Length));
            call = new Call(OperationSpec.ChatCompletions, body, Encoding.UTF8.GetBytes(Bodies.Chat, body));
            if (CallScanner.Scan(call) is not null)
                throw new InvalidOperationException("The scanner refused the body.");
        }

        public void Dispose() => call.Dispose();

        public async Task AdmitAsync()
        {
            // Not on the thread that measures, so that those who are at once are.
            await Task.Yield();
            for (var i = 0; i < InARow; i++)
            {
                if ((await reserver.ReserveAsync(@event, attendee, Chat, call, Guid.NewGuid(), CancellationToken.None)).IsRefused(out var refusal, out var granted))
                    throw new InvalidOperationException($"The ledger refused: {refusal}.");
                await ledger.SettleAsync(granted.Reservation, new Settlement(new Usage(24, 0, 50, 0), 34, Exactness.Exact, Outcome.Complete, TimeProvider.System.GetUtcNow()));
            }
        }
    }
}
