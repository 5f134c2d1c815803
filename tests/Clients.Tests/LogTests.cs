using System.Net;
using System.Text;
using System.Text.Json;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>What the server writes to its standard output when it logs in JSON.</summary>
public sealed class LogTests
{
    private const int Askers = 8;

    // A line for each is some 600 bytes: more than the pipe and what the server keeps together.
    private const int RequestsOfEach = 1_250;

    [Fact]
    public async Task Nobody_waits_for_an_output_that_is_stuck_and_what_was_left_out_is_told()
    {
        using var folder = new TempDirectory();
        (await Command.RunAsync("mkfifo", Path.Combine(folder.Path, "log"))).ShouldSucceed();
        await using var server = ServerProcess.Start(
            folder.Path, ["bash", "-c", "exec \"$@\" > log", "bash", .. ServerProcess.Built], [], ["--demo", "--log-format", "json", .. ServerProcess.FreePorts]);
        using var output = new StreamReader(Path.Combine(folder.Path, "log"));
        using var client = new HttpClient { BaseAddress = await AnnouncedAsync(output) };

        // Nobody reads it meanwhile.
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => AskWithoutCredentialAsync(client)));

        server.Terminate();
        var lines = (await output.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n').Where(l => l.StartsWith('{')).ToList();
        (await server.EndAsync()).ShouldBe(0, server.Errors);
        var leftOut = lines.Sum(CountOfLeftOut);
        leftOut.ShouldBePositive();
        (lines.Count(IsOfRequest) + leftOut).ShouldBe(Askers * RequestsOfEach);
    }

    [Fact]
    public async Task Each_request_is_a_line_with_all_that_the_guide_names()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, ["--demo", "--log-format", "json", .. ServerProcess.FreePorts]);
        var announced = await server.ReadyAsync();
        using var client = new HttpClient { BaseAddress = announced.Public };

        using var refused = await client.PostAsync("v1/chat/completions", null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = new StringContent("""{"max_tokens":7,"messages":[{"role":"user","content":"hello"}]}""", null, "application/json") };
        request.Headers.Authorization = new("Bearer", "hackathon/ann");
        using var answered = await client.SendAsync(request);

        (await server.StopAsync()).ShouldBe(0, server.Errors);
        var lines = server.Output.Split('\n').Where(l => l.StartsWith('{') && IsOfRequest(l)).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("State")).ToList();
        lines.Count.ShouldBe(2);
        var (first, second) = (lines[0], lines[1]);
        first.GetProperty("RequestId").GetString().ShouldBe(refused.Headers.GetValues("x-request-id").Single());
        (first.GetProperty("Status").GetInt32(), first.GetProperty("Refusal").GetString()).ShouldBe((401, "credential_missing"));
        first.GetProperty("FirstByteMilliseconds").ValueKind.ShouldBe(JsonValueKind.Null);
        second.GetProperty("RequestId").GetString().ShouldBe(answered.Headers.GetValues("x-request-id").Single());
        (second.GetProperty("Event").GetString(), second.GetProperty("Model").GetString(), second.GetProperty("Status").GetInt32()).ShouldBe(("hackathon", "gpt-4o", 200));
        (second.GetProperty("Outcome").GetString(), second.GetProperty("OutputTokens").GetInt64()).ShouldBe(("Complete", 7));
        var (firstByte, whole) = (second.GetProperty("FirstByteMilliseconds"), second.GetProperty("Milliseconds"));
        firstByte.GetDecimal().ShouldBeInRange(0.001m, whole.GetDecimal());
        // To the microsecond.
        firstByte.GetRawText().ShouldMatch(@"^\d+\.\d{3}$");
        whole.GetRawText().ShouldMatch(@"^\d+\.\d{3}$");
        // Nothing that is not in the guide.
        var guide = await File.ReadAllTextAsync(Repository.PathOf("docs/operations/running.md"), TestContext.Current.CancellationToken);
        foreach (var property in second.EnumerateObject())
            guide.ShouldContain($"`{property.Name}`");
    }

    private static async Task<Uri> AnnouncedAsync(StreamReader output)
    {
        var said = new StringBuilder();
        while (await output.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("Ctrl-C stops the server", StringComparison.Ordinal))
            said.AppendLine(line);
        return new Announced(said.ToString()).Public;
    }

    private static async Task AskWithoutCredentialAsync(HttpClient client)
    {
        for (var i = 0; i < RequestsOfEach; i++)
        {
            using var answer = await client.PostAsync("v1/chat/completions", null);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    private static bool IsOfRequest(string line) => JsonDocument.Parse(line).RootElement.GetProperty("EventId").GetInt32() == 1000;

    private static long CountOfLeftOut(string line) =>
        JsonDocument.Parse(line).RootElement is var root && root.GetProperty("Category").GetString()!.EndsWith("JsonLogs", StringComparison.Ordinal)
            ? root.GetProperty("State").GetProperty("Count").GetInt64()
            : 0;
}
