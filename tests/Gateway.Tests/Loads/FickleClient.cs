using System.Text.Json;

namespace OpenAIProxy.Gateway.Tests.Loads;

/// <summary>One request of a load, and what its client remembers of it.</summary>
/// <remarks>
/// By the length of its prompt the simulator and the ledger know it too: no other of the load has that one. A stream that is hung up
/// on is held by the simulator at that moment, each kind on a deployment of its own, so that what it has made by then is certain.
/// </remarks>
internal sealed class FickleClient
{
    private const string WithoutFaults = "gpt-4o";
    private const string Slow = "gpt-35-turbo";

    // In words of English the gateway's estimate of an input is never below what the simulator counts.
    private static readonly string Words = string.Concat(Enumerable.Repeat("elephants ", 110));

    private readonly int tokens;
    private readonly int outputLimit;

    /// <param name="number">From 0.</param>
    public FickleClient(int number, Random random)
    {
        Number = number;
        var manners = Enum.GetValues<Manner>();
        Manner = random.Next(3) == 0 ? manners[random.Next((int)Manner.WholeGoneBeforeFirstByte, manners.Length)] : manners[random.Next((int)Manner.WholeGoneBeforeFirstByte)];
        (tokens, outputLimit) = Manner switch
        {
            // Longer than what is passed on at once.
            Manner.WholeGoneInTheMiddle => (900, 1_000),
            Manner.StreamedGoneInTheMiddle => (random.Next(20, 60), 100),
            Manner.StreamedGoneBeforeDone => (8, 100),
            _ => (random.Next(1, 60), random.Next(10, 120)),
        };
    }

    /// <summary>The plan that holds or slows down those who hang up, by the deployments they ask.</summary>
    public static object[] Faults =>
    [
        new { kind = "delay", deployment = Slow, milliseconds = 300 },
        new { kind = "hang", deployment = "gpt-4-32k" },
        new { kind = "hold", deployment = "gpt-4o-mini", after = 0 },
        new { kind = "hold", deployment = "gpt-4", after = 5 },
        new { kind = "hold", deployment = "gpt-4.1", after = 12 },
    ];

    public static IReadOnlyList<string> Models { get; } = [WithoutFaults, Slow, "gpt-4-32k", "gpt-4o-mini", "gpt-4", "gpt-4.1"];

    public int Number { get; }

    public Manner Manner { get; }

    public bool Stays => Manner is Manner.Whole or Manner.Streamed;

    /// <summary>0 where it left before an answer began.</summary>
    public int Status { get; private set; }

    public string? RequestId { get; private set; }

    /// <summary>Whether it saw the proper end of its answer.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The length of the shortest prompt, in bytes.</summary>
    public static int Shortest { get; } = PromptOf(0, 0).Length;

    /// <summary>The number that a prompt of this load has.</summary>
    public static int NumberOf(string prompt) => prompt.Length - Shortest;

    /// <param name="arrived">Completes when every request of the load has come to the server.</param>
    public async Task LiveAsync(HttpClient client, Task arrived)
    {
        using var hangUp = new CancellationTokenSource();
        using var request = Asking.Post(Asking.Chat, Body());
        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, hangUp.Token);
        if (Manner is Manner.WholeGoneBeforeFirstByte or Manner.StreamedGoneBeforeHeaders)
        {
            await arrived;
            await hangUp.CancelAsync();
        }
        try
        {
            using var answer = await sending;
            (Status, RequestId) = ((int)answer.StatusCode, answer.Headers.GetValues("x-request-id").Single());
            await ReadAsync(answer);
        }
        catch (OperationCanceledException) when (hangUp.IsCancellationRequested)
        {
        }
    }

    public override string ToString() => $"#{Number} ({Manner}, status {Status}, {RequestId ?? "no id"}, {(HasEnded ? "ended" : "not ended")})";

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        if (Status != 200 || Manner is Manner.Whole)
        {
            await answer.Content.ReadAsStringAsync();
            HasEnded = true;
        }
        else if (Manner is Manner.Streamed)
        {
            HasEnded = (await answer.Content.ReadAsStringAsync()).EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);
        }
        else if (Manner is Manner.StreamedGoneInTheMiddle or Manner.StreamedGoneBeforeDone)
        {
            await ReadUntilHeldAsync(answer);
        }
    }

    // Whatever the client has seen the gateway has counted.
    private async Task ReadUntilHeldAsync(HttpResponseMessage answer)
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var texts = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            texts += line.Contains("\"content\":\"", StringComparison.Ordinal) && !line.Contains("\"content\":\"\"", StringComparison.Ordinal) ? 1 : 0;
            if (Manner == Manner.StreamedGoneBeforeDone ? line.Contains("\"usage\":{", StringComparison.Ordinal) : texts == 3)
                return;
        }
        throw new InvalidOperationException($"{this}: the stream has ended.");
    }

    private string Body()
    {
        var isStream = Manner is Manner.Streamed or >= Manner.StreamedGoneBeforeHeaders;
        var body = new Dictionary<string, object>
        {
            ["model"] = Manner switch
            {
                Manner.WholeGoneBeforeFirstByte => Slow,
                Manner.StreamedGoneBeforeHeaders => "gpt-4-32k",
                Manner.StreamedGoneBeforeFirstEvent => "gpt-4o-mini",
                Manner.StreamedGoneInTheMiddle => "gpt-4",
                Manner.StreamedGoneBeforeDone => "gpt-4.1",
                _ => WithoutFaults,
            },
            ["messages"] = new[] { new { role = "user", content = PromptOf(Number, tokens) } },
            ["max_tokens"] = outputLimit,
            ["stream"] = isStream,
        };
        if (isStream && (Manner == Manner.StreamedGoneBeforeDone || Number % 2 == 0))
            body["stream_options"] = new { include_usage = true };
        return JsonSerializer.Serialize(body);
    }

    private static string PromptOf(int number, int tokens) => $"{Words.AsSpan(0, 80 + number)} about rain [[tokens={tokens:D3}]]";
}
