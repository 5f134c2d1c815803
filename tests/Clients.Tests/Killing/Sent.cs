using System.Text.Json;

namespace OpenAIProxy.Clients.Tests.Killing;

/// <summary>How a client asks.</summary>
internal enum Manner
{
    /// <summary>For an answer in one piece.</summary>
    Whole,

    /// <summary>For a stream, and for its usage.</summary>
    Streamed,

    /// <summary>For a stream alone.</summary>
    StreamedWithoutUsage,

    /// <summary>For an answer in one piece, and goes away.</summary>
    WholeAbandoned,

    /// <summary>For a stream, and goes away.</summary>
    StreamedAbandoned,
}

/// <summary>
/// By what a request is known to all three who keep a record: the attendee is in the prompt and in the ledger, and the output limit,
/// which no other request of that attendee has, is in the body and in the entry as what was reserved.
/// </summary>
internal readonly record struct Mark(string Attendee, long OutputLimit);

/// <summary>A request as the client that sent it remembers it.</summary>
internal sealed class Sent(Mark mark, Manner manner)
{
    public Mark Mark => mark;

    public Manner Manner => manner;

    public bool IsStreamed => manner is Manner.Streamed or Manner.StreamedWithoutUsage or Manner.StreamedAbandoned;

    public bool IsAbandoned => manner is Manner.WholeAbandoned or Manner.StreamedAbandoned;

    /// <summary>0 where no answer began.</summary>
    public int Status { get; set; }

    /// <summary>What the answer says it is called; null where no answer began.</summary>
    public string? RequestId { get; set; }

    /// <summary>The output limit that the request was let in with, where it was a smaller one.</summary>
    public long? LoweredTo { get; set; }

    /// <summary>What came of the answer.</summary>
    public string Answer { get; set; } = "";

    /// <summary>Whether the client saw the end of its answer.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Input and output tokens as the client was told; null where it was not.</summary>
    public (long Input, long Output)? ToldUsage()
    {
        if (!HasEnded)
            return null;
        var parts = IsStreamed ? Answer.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => l[6..]) : [Answer];
        var usages = parts.Select(p => JsonDocument.Parse(p).RootElement)
            .Where(e => e.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object).Select(e => e.GetProperty("usage"));
        return usages.Select(u => ((long, long)?)(u.GetProperty("prompt_tokens").GetInt64(), u.GetProperty("completion_tokens").GetInt64())).LastOrDefault();
    }

    public override string ToString() => $"{mark.Attendee} #{mark.OutputLimit} ({manner}, status {Status}, {RequestId ?? "no id"}, {(HasEnded ? "ended" : "not ended")})";
}
