using System.Buffers;
using OpenAIProxy.Domain.Sizing;

namespace OpenAIProxy.Gateway.Operations;

/// <summary>
/// What the gateway read of a request's body, in one pass, and the body itself as it came. Disposing gives the buffer back.
/// </summary>
/// <param name="hold">What the buffer takes of the memory for all; null where it is not counted.</param>
internal sealed class Call(OperationSpec operation, byte[] buffer, int length, BodyHold? hold = null) : IDisposable
{
    private static readonly RequestSize Nothing = new();

    private byte[]? buffer = buffer;

    public OperationSpec Operation { get; } = operation;

    /// <exception cref="ObjectDisposedException">After disposal: the bytes belong to another request by then.</exception>
    public ReadOnlyMemory<byte> Body => new(buffer ?? throw new ObjectDisposedException(nameof(Call)), 0, length);

    /// <summary>The model the client named; null where it leaves it to the event.</summary>
    public string? Model { get; set; }

    public bool Streaming { get; set; }

    /// <summary>Whether the client asked for usage in the stream, and so gets that chunk.</summary>
    public bool AsksForUsage { get; set; }

    /// <summary>The output tokens asked for per choice, the smaller where both fields are there; null where neither is.</summary>
    public long? OutputAsked { get; set; }

    /// <summary>How many answers the request makes: <c>n</c> or <c>best_of</c>, whichever is more, times its prompts. At least 1.</summary>
    public long Choices { get; set; } = 1;

    /// <summary>What decides how many input tokens it has, and how much output beside its limit.</summary>
    public RequestSize Size { get; set; } = Nothing;

    /// <summary>A field that makes it cost what the model's price does not say; null where there is none.</summary>
    public string? Unpriced { get; set; }

    /// <summary>Where the object's first field would stand.</summary>
    public int ObjectStart { get; set; }

    public int FieldCount { get; set; }

    public FieldTable Fields;

    /// <summary>Inside <see cref="Field.StreamOptions"/>.</summary>
    public JsonField IncludeUsage { get; set; }

    /// <summary>How many fields <see cref="Field.StreamOptions"/> has.</summary>
    public int StreamOptionCount { get; set; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, null) is not { } returned)
            return;
        ArrayPool<byte>.Shared.Return(returned);
        hold?.Dispose();
    }
}
