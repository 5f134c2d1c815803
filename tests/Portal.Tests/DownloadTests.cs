using Microsoft.Data.Sqlite;

namespace OpenAIProxy.Portal.Tests;

/// <summary>A download is whole, or seen not to be.</summary>
public sealed class DownloadTests : IAsyncLifetime
{
    // More than lies in the buffers between: the server has not read all of them while the client has read nothing.
    private const int Entries = 200_000;

    private readonly GatewayUnderTest gateway = new();

    private string Database => Path.Combine(gateway.DataDirectory, "openai-proxy.db");

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Download_that_storage_breaks_off_is_seen_to_be_half_and_is_no_mistake_of_the_server()
    {
        await AddEntriesAsync();
        using var response = await gateway.Api.GetAsync(new Uri("/api/entries.csv", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        File.Move(Database, Database + ".away");

        try
        {
            await Should.ThrowAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

            (await gateway.Log.UntilAsync(line => line.Contains("was broken off", StringComparison.Ordinal)))[0].ShouldStartWith("Warning OpenAIProxy.Portal");
            gateway.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
        }
        finally
        {
            File.Move(Database + ".away", Database);
        }
    }

    private async Task AddEntriesAsync()
    {
        await using var database = new SqliteConnection($"Data Source={Database};Pooling=False");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = $"""
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {Entries})
            INSERT INTO entry (id, request, event, attendee, model, operation, at, hour, settled_at, reserved_input, stated_input, reserved_output, reserved_cost,
                               input, cached_input, output, reasoning, cost, exactness, outcome)
            SELECT n, 'r' || n, 'hackathon', 1, 'gpt-4o', 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0 FROM number
            """;
        await command.ExecuteNonQueryAsync();
    }
}
