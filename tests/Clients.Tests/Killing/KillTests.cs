using System.Globalization;
using System.Security.Cryptography;

namespace OpenAIProxy.Clients.Tests.Killing;

/// <summary>SIGKILL at any moment under load: nothing that a client saw is lost, and nothing is counted twice.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    // From the first answer's beginning to some seconds of load, in which the ledger is brought into the database several times.
    // Each order of magnitude is as likely as the others.
    private const double LeastBytes = 100, MostBytes = 1_000_000;
    private const double LeastEnds = 1, MostEnds = 100;

    // Above those of any load, so that no attendee has two requests with the same one; a new event allows 4,096.
    private const long LimitsOfLater = 3_000;

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("OPENAIPROXY_TESTS") == "full";

    [Theory]
    [InlineData(false, 4, 200)]
    [InlineData(true, 2, 50)]
    public async Task Server_that_is_killed_under_load_has_lost_and_doubled_nothing_when_it_is_back(bool asTheBench, int rounds, int roundsOfFull)
    {
        rounds = IsFull ? roundsOfFull : rounds;
        var seed = SeedGiven() ?? RandomNumberGenerator.GetInt32(1_000_000);
        output.WriteLine($"{rounds} rounds; the same again with OPENAIPROXY_TESTS_SEED={seed}");
        var random = new Random(seed);
        await using var installation = new MortalInstallation(asTheBench);
        await installation.PrepareAsync();
        var books = new Books(installation.Price);
        await installation.StartServerAsync();

        for (var round = 1; round <= rounds; round++)
        {
            var moment = Moment.Any(random);
            var when = $"round {round}, killed at {moment}, seed {seed}";
            await KillUnderLoadAsync(books, installation, $"r{round}", moment, random.Next());
            await installation.StartServerAsync();

            (await CompareAsync(books, installation)).ShouldBeEmpty(when);
            await installation.VerifyAsync(when);
            await AskAllAgainAsync(books, installation, $"r{round}", when);
            output.WriteLine($"{when}: {books.Count} requests so far");
        }
        await CountersShouldBeTheSumsOfEntriesAsync(installation, $"seed {seed}");
    }

    private static async Task KillUnderLoadAsync(Books books, MortalInstallation installation, string name, Moment moment, int seed)
    {
        using var load = new Load(installation.Public, installation.Code, installation.Model, name, seed);
        (moment.IsEnd ? load.Ends : load.Received).After(moment.Count, () =>
        {
            load.ExpectDeath();
            installation.KillServer();
        });
        await load.RunAsync();
        await installation.ServerEndAsync();
        books.Add(load.Sent);
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(Books books, MortalInstallation installation)
    {
        books.Add(await installation.Simulator.TakeEndedAsync());
        return books.Compare(LedgerEntry.ReadAll(installation.DataDirectory));
    }

    // Each may have one request in flight: whatever the dead server had reserved is settled.
    private static async Task AskAllAgainAsync(Books books, MortalInstallation installation, string name, string when)
    {
        using var load = new Load(installation.Public, installation.Code, installation.Model, name, firstLimit: LimitsOfLater);
        for (var client = 0; client < Load.Clients; client++)
        {
            var again = await load.AskOnceAsync($"{name}-{client}", Manner.Whole);
            again.Status.ShouldBe(200, $"{when}: {again.Answer}");
        }
        books.Add(load.Sent);
    }

    // To the token: with room for one less than a request would like, it is let in with one less. It is one of those under whom the server died.
    private async Task CountersShouldBeTheSumsOfEntriesAsync(MortalInstallation installation, string when)
    {
        const string somebody = "r1-0";
        using (var load = new Load(installation.Public, installation.Code, installation.Model, "exact", firstLimit: LimitsOfLater))
            (await load.AskOnceAsync(somebody, Manner.Whole)).Status.ShouldBe(200);
        await installation.StopServerAsync();
        var entries = LedgerEntry.ReadAll(installation.DataDirectory);
        output.WriteLine($"{when}: of {entries.Count} entries {entries.Count(e => e.Exactness == LedgerEntry.Unsettled)} are unsettled and {entries.Count(e => e.Exactness == LedgerEntry.Exact)} exact");
        var counted = entries.Where(e => installation.TokensAreEverybodys || e.Attendee == somebody);
        var (used, wanted) = (counted.Sum(e => e.Input + e.Output), entries[^1].ReservedInput + entries[^1].ReservedOutput);
        await installation.CapTokensAsync(used + wanted - 1);
        await installation.StartServerAsync();

        using var second = new Load(installation.Public, installation.Code, installation.Model, "exact", firstLimit: LimitsOfLater);
        var lowered = await second.AskOnceAsync(somebody, Manner.Whole);
        lowered.LoweredTo.ShouldBe(LimitsOfLater - 1, $"{when}: {lowered} {lowered.Answer}");
    }

    private static int? SeedGiven() =>
        int.TryParse(Environment.GetEnvironmentVariable("OPENAIPROXY_TESTS_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null;

    /// <summary>When the server is killed: right behind the end of an answer, or somewhere.</summary>
    private readonly record struct Moment(bool IsEnd, long Count)
    {
        public static Moment Any(Random random) => random.Next(2) == 0 ? new(true, Between(LeastEnds, MostEnds, random)) : new(false, Between(LeastBytes, MostBytes, random));

        public override string ToString() => IsEnd ? $"the end of answer {Count}" : $"byte {Count}";

        private static long Between(double least, double most, Random random) => (long)(least * Math.Pow(most / least, random.NextDouble()));
    }
}
