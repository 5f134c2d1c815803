using System.Buffers;
using System.Net;

namespace OpenAIProxy.Passthrough;

/// <summary>Sends requests on as they are, and their answers back as they come: what any proxy in .NET has to do, and nothing else.</summary>
internal sealed class Forwarder(Uri upstream) : IDisposable
{
    // The hop's own; a few comparisons are cheaper here than a set.
    private static readonly string[] NotPassedOn = ["Host", "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "TE", "Trailer", "Proxy-Connection"];

    // With 4 KB pieces, which is what a plain copy gets from Kestrel, large prompts cost a quarter more.
    private const int RequestBuffer = 65_536;

    // Kept while a stream pauses, by thousands of them at once.
    private const int AnswerBuffer = 16_384;

    private readonly HttpMessageInvoker invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    });

    public async Task ForwardAsync(HttpContext context)
    {
        using var request = RequestOf(context.Request);
        using var answer = await invoker.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
            if (!NotPassedOn.Contains(name, StringComparer.OrdinalIgnoreCase))
                context.Response.Headers[name] = values.Count == 1 ? values.ToString() : values.ToArray();
        await CopyAsync(await answer.Content.ReadAsStreamAsync(context.RequestAborted), context.Response.Body, AnswerBuffer, context.RequestAborted);
    }

    public void Dispose() => invoker.Dispose();

    private HttpRequestMessage RequestOf(HttpRequest from)
    {
        var request = new HttpRequestMessage(HttpMethod.Parse(from.Method), new Uri(upstream, from.Path.ToUriComponent() + from.QueryString.Value))
        {
            Content = from.ContentLength > 0 || from.Headers.TransferEncoding.Count > 0 ? new Body(from) : null,
        };
        foreach (var (name, values) in from.Headers)
            if (!NotPassedOn.Contains(name, StringComparer.OrdinalIgnoreCase) && !request.Headers.TryAddWithoutValidation(name, values.ToString()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToString());
        return request;
    }

    private static async Task CopyAsync(Stream from, Stream to, int size, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            while (await from.ReadAsync(buffer, cancellation) is > 0 and var read)
                await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Body(HttpRequest request) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            CopyAsync(request.Body, stream, RequestBuffer, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = request.ContentLength ?? 0;
            return request.ContentLength is not null;
        }
    }
}
