using System.Text.Json;

namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>What the user of a client saw: an answer, the beginning of one, or an error.</summary>
internal sealed record Seen
{
    public string? Text { get; set; }

    /// <summary>All tokens of the answer's usage.</summary>
    public long Tokens { get; set; }

    /// <summary>Pieces of a stream.</summary>
    public int Chunks { get; set; }

    public ToolCall? Tool { get; set; }

    public IReadOnlyList<float>? Vector { get; set; }

    /// <summary>The error's class.</summary>
    public string? Error { get; set; }

    public int? Status { get; set; }

    /// <summary>The proxy's code, where the error has a place for it.</summary>
    public string? Code { get; set; }

    public string? Message { get; set; }
}

internal sealed record ToolCall(string Name, JsonElement Arguments);
