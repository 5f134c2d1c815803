using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests.Killing;

/// <summary>Clients that ask one thing after the other, each as an attendee of its own, until the server dies under them.</summary>
internal sealed class Load(Uri server, string code, string model, string name, int seed = 0, long firstLimit = Load.LeastOutputLimit) : IDisposable
{
    /// <summary>How many ask at the same time; those who go away leave more behind.</summary>
    public const int Clients = 6;

    /// <summary>More than any answer has, so that none is cut.</summary>
    public const long LeastOutputLimit = 200;

    private const string Done = "data: [DONE]";
    private const int MostTokens = 60;

    private readonly HttpClient client = new() { BaseAddress = server };
    private readonly List<Sent> sent = [];
    private volatile bool isOver;
    private long nextLimit = firstLimit;

    /// <summary>Bytes of answers.</summary>
    public Counter Received { get; } = new();

    /// <summary>Ends of answers.</summary>
    public Counter Ends { get; } = new();

    /// <summary>All that was asked; complete once <see cref="RunAsync"/> is.</summary>
    public IReadOnlyList<Sent> Sent => sent;

    /// <summary>From now on a connection that breaks is what was wanted.</summary>
    public void ExpectDeath() => isOver = true;

    /// <summary>Completes when no client is left, which is only after the death of the server.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Clients).Select(c => Task.Run(() => AskOnAsync($"{name}-{c}", new Random(seed + c)))));

    /// <summary>Asks once; the answer must be whole.</summary>
    public async Task<Sent> AskOnceAsync(string attendee, Manner manner)
    {
        var request = New(attendee, manner);
        await SendAsync(request, 20, CancellationToken.None);
        return request;
    }

    public void Dispose() => client.Dispose();

    private async Task AskOnAsync(string attendee, Random random)
    {
        while (!isOver)
        {
            var manner = random.Next(10) switch { < 3 => Manner.Whole, < 6 => Manner.Streamed, < 8 => Manner.StreamedWithoutUsage, 8 => Manner.WholeAbandoned, _ => Manner.StreamedAbandoned };
            var request = New(attendee, manner);
            using var gone = new CancellationTokenSource();
            // They leave on a sign, which is what others receive: nobody looks at a clock.
            if (request.IsAbandoned)
                Received.After(random.Next(1, 4_000), () => Cancel(gone));
            try
            {
                await SendAsync(request, random.Next(1, MostTokens), gone.Token);
            }
            catch (OperationCanceledException) when (gone.IsCancellationRequested)
            {
            }
            catch (Exception e) when (e is HttpRequestException or IOException && isOver)
            {
                return;
            }
        }
    }

    private static void Cancel(CancellationTokenSource gone)
    {
        try
        {
            gone.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The answer was faster.
        }
    }

    private Sent New(string attendee, Manner manner)
    {
        var limit = Interlocked.Increment(ref nextLimit) - 1;
        // Whoever goes away may still be in flight when they ask for the next thing, and one at a time is all that the event allows.
        var who = manner is Manner.WholeAbandoned or Manner.StreamedAbandoned ? $"{attendee}-gone-{limit}" : attendee;
        var request = new Sent(new Mark(who, limit), manner);
        lock (sent)
            sent.Add(request);
        return request;
    }

    private async Task SendAsync(Sent request, int tokens, CancellationToken cancellation)
    {
        using var message = Asking.Post(Asking.Chat, BodyOf(request, tokens), $"{code}/{request.Mark.Attendee}");
        using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
        request.Status = (int)answer.StatusCode;
        request.RequestId = answer.Headers.GetValues("x-request-id").Single();
        if (answer.Headers.TryGetValues("x-output-limit", out var lowered))
            request.LoweredTo = long.Parse(lowered.Single(), CultureInfo.InvariantCulture);
        await ReadAsync(request, await answer.Content.ReadAsStreamAsync(cancellation), cancellation);
    }

    private async Task ReadAsync(Sent request, Stream answer, CancellationToken cancellation)
    {
        var (text, piece, letters) = (new StringBuilder(), new byte[4_096], new char[4_096]);
        var decoder = Encoding.UTF8.GetDecoder();
        try
        {
            int count;
            while ((count = await answer.ReadAsync(piece, cancellation)) > 0)
            {
                text.Append(letters, 0, decoder.GetChars(piece, 0, count, letters, 0));
                if (request.IsStreamed && text.ToString().Contains(Done, StringComparison.Ordinal))
                    End(request);
                Received.Add(count);
            }
            // With a length given or in chunks: an answer that is not whole throws.
            if (!request.IsStreamed)
                End(request);
        }
        finally
        {
            request.Answer = text.ToString();
        }
    }

    private void End(Sent request)
    {
        if (request.HasEnded)
            return;
        request.HasEnded = true;
        Ends.Add(1);
    }

    private string BodyOf(Sent request, int tokens)
    {
        var body = new Dictionary<string, object>
        {
            ["model"] = model,
            ["messages"] = new[] { new { role = "user", content = $"{request.Mark.Attendee} asks. [[tokens={tokens}]]" } },
            ["max_tokens"] = request.Mark.OutputLimit,
        };
        if (request.IsStreamed)
            body["stream"] = true;
        if (request.Manner == Manner.Streamed)
            body["stream_options"] = new { include_usage = true };
        return JsonSerializer.Serialize(body);
    }
}
