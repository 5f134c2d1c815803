using System.IO.Pipelines;

namespace OpenAIProxy.Gateway.Forwarding.Streams;

/// <summary>Writes the events of a stream as the client is to see them: most as they came.</summary>
internal static class EventWriter
{
    public static void Write(PipeWriter writer, ServerSentEvent @event, Chunk chunk, Delivery delivery)
    {
        if (IsLeftOut(chunk, delivery))
            return;
        // What cannot be put into another shape passes in its own.
        if (!delivery.IsStrict || !TryReshape(writer, @event, chunk))
            Write(writer, @event, delivery.HidesUsage ? chunk.EmptyUsage : default);
    }

    public static void Write(PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }

    private static bool TryReshape(PipeWriter writer, ServerSentEvent @event, Chunk chunk)
    {
        if (chunk.IsError)
            return OpenAIError.TryWriteEvent(writer, @event.Data);
        return chunk is { LacksDelta: true, HasChoices: true } && DeltaFiller.TryWriteEvent(writer, @event.Data);
    }

    private static bool IsLeftOut(Chunk chunk, Delivery delivery)
    {
        if (chunk.IsError)
            return false;
        if (!chunk.HasChoices)
            return chunk.Usage is null ? delivery.IsStrict : delivery.HidesUsage;
        return delivery.IsStrict && chunk is { LacksDelta: true, Finishes: false };
    }

    // As Azure would have written it for a request that does not ask for usage: without the field that says there is none yet.
    private static void Write(PipeWriter writer, ServerSentEvent @event, Range left)
    {
        var raw = @event.Raw.Span;
        if (left.Equals(default) || !raw.Overlaps(@event.Data.Span, out var offset))
        {
            Write(writer, raw);
            return;
        }
        Write(writer, raw[..(offset + left.Start.Value)]);
        Write(writer, raw[(offset + left.End.Value)..]);
    }
}
