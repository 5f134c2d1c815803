using OpenAIProxy.Simulator.Catalog;

namespace OpenAIProxy.Simulator.Recorder;

/// <summary>One request: what came in and what became of it.</summary>
internal sealed class Entry(Period period, bool isKept)
{
    private int state = (int)EntryState.Running;

    /// <summary>Also the answer's <c>x-request-id</c>.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    public bool IsKept { get; } = isKept;

    public string Method { get; init; } = "";

    public string Path { get; init; } = "";

    public string Query { get; init; } = "";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public DateTimeOffset Began { get; init; }

    public ReadOnlyMemory<byte> Body { get; private set; }

    public long BodyLength { get; private set; }

    public Deployment? Deployment { get; set; }

    public string? Operation { get; set; }

    public string? Fault { get; set; }

    public bool Streamed { get; set; }

    /// <summary>0 until the answer has begun.</summary>
    public int Status { get; set; }

    public long PromptTokens { get; set; }

    /// <summary>Generated so far.</summary>
    public long CompletionTokens { get; set; }

    public EntryState State => (EntryState)Volatile.Read(ref state);

    public void Keep(ReadOnlyMemory<byte> body, int most)
    {
        BodyLength = body.Length;
        if (IsKept)
            Body = body.Length <= most ? body : body[..most].ToArray();
    }

    /// <summary>Books the request under its end; only the first end counts.</summary>
    public void End(EntryState end)
    {
        if (Interlocked.CompareExchange(ref state, (int)end, (int)EntryState.Running) == (int)EntryState.Running)
            period.Book(this, end);
    }

    /// <summary>The answer is whole, as far as its status is a success.</summary>
    public void Complete() => End(Status is >= 200 and < 300 ? EntryState.Completed : EntryState.Failed);

    public void ReachHold() => period.Held.Pass();
}
