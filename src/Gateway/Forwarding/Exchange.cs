using Microsoft.AspNetCore.Http;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Forwarding.Credentials;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Routing;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>One request to a backend, until the headers of its answer are here. What the answer means is for others to say.</summary>
internal sealed class Exchange(BackendConnections connections, GatewayOptions options, TimeProvider time)
{
    /// <param name="entry">Learns that the request has left.</param>
    /// <exception cref="TokenUnavailableException">The backend wants a token, and none can be had.</exception>
    /// <exception cref="OperationCanceledException">The backend was too slow, the client has gone, or the request was cut off.</exception>
    /// <exception cref="HttpRequestException">The backend cannot be reached, or the connection broke.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<BackendAnswer> SendAsync(HttpContext context, Route route, Call call, Admitted admitted, RequestEntry entry, CancellationToken cut)
    {
        // A stream that nobody reads is stopped, and what came of it is counted. A whole answer is made at once: only its end tells
        // what it cost, so it is waited for although its client has gone; and so is a stream that costs more than it shows.
        var grace = (call.Streaming && !admitted.HidesOutput) || admitted.IsOwn ? TimeSpan.Zero : options.AbandonedTimeout;
        var deadline = new Deadline(options.FirstByteTimeout, grace, time, context.RequestAborted, cut);
        HttpResponseMessage? message = null;
        try
        {
            message = await connections.SendAsync(
                route.Deployment.Backend, (context, route, call, admitted, entry, deadline),
                static of => RequestFor(of.context, of.route, of.call, of.admitted, of.entry, of.deadline), deadline.Token);
            var answer = new BackendAnswer(
                route.Deployment.Backend, message, await message.Content.ReadAsStreamAsync(deadline.Token), call.Streaming, deadline, options.PauseTimeout);
            (message, deadline) = (null, null);
            return answer;
        }
        finally
        {
            message?.Dispose();
            deadline?.Dispose();
        }
    }

    private static HttpRequestMessage RequestFor(HttpContext context, Route route, Call call, Admitted admitted, RequestEntry entry, Deadline deadline)
    {
        // Nothing of it has left yet; where it is asked for again, what had left was turned away.
        entry.Outcome = Outcome.NotTaken;
        deadline.Return();
        var request = new HttpRequestMessage(HttpMethod.Post, route.Target)
        {
            Content = new UpstreamBody(call.Body, BodyEditor.For(call, admitted, route.ApiVersion), entry, deadline),
        };
        PassedHeaders.CopyUp(context.Request.Headers, request.Headers);
        return request;
    }
}
