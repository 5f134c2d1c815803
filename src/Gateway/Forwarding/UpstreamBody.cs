using System.Net;
using System.Net.Http.Headers;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>A client's body with our changes, written piece by piece: what is not changed is not copied.</summary>
internal sealed class UpstreamBody : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ReadOnlyMemory<byte> body;
    private readonly IReadOnlyList<BodyEdit> edits;
    private readonly RequestEntry entry;
    private readonly Deadline deadline;
    private readonly long length;

    /// <param name="edits">In the order of the body and not overlapping.</param>
    /// <param name="entry">Learns that the request has left.</param>
    /// <param name="deadline">The same.</param>
    public UpstreamBody(ReadOnlyMemory<byte> body, IReadOnlyList<BodyEdit> edits, RequestEntry entry, Deadline deadline)
    {
        (this.body, this.edits, this.entry, this.deadline, length) = (body, edits, entry, deadline, body.Length);
        foreach (var edit in edits)
            length += edit.Bytes.Length - (edit.End - edit.Start);
        Headers.ContentType = Json;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        deadline.Leave();
        // From here on the backend may work on it, and only a client that goes away leaves without saying more.
        entry.Outcome = Outcome.ClientGone;
        var written = 0;
        foreach (var edit in edits)
        {
            await stream.WriteAsync(body[written..edit.Start], cancellationToken);
            await stream.WriteAsync(edit.Bytes, cancellationToken);
            written = edit.End;
        }
        await stream.WriteAsync(body[written..], cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = this.length;
        return true;
    }
}
