using System.Net;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Forwarding.Credentials;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>The connections to backends, for as long as the server runs: a pool for each host, and idle ones go.</summary>
internal sealed class BackendConnections(UpstreamCredentials credentials, GatewayOptions options) : IDisposable
{
    // Backends move behind their names; a connection is not kept for longer than their DNS records promise by a few times.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    private readonly HttpMessageInvoker invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
    });

    /// <summary>Sends a request with what proves who we are; once more with another token where the backend refuses the first.</summary>
    /// <param name="make">Makes the request of the state; asked again as soon as the first has been refused.</param>
    /// <returns>An answer whose body is still to come.</returns>
    /// <exception cref="TokenUnavailableException">The backend wants a token, and none can be had.</exception>
    /// <exception cref="OperationCanceledException">It took too long, as <see cref="HasNotConnected"/> says also to connect.</exception>
    /// <exception cref="HttpRequestException">The backend cannot be reached, or the connection broke.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask<HttpResponseMessage> SendAsync<T>(Backend backend, T state, Func<T, HttpRequestMessage> make, CancellationToken cancellation) =>
        backend.Credential is BackendCredential.Entra
            ? SendWithTokenAsync(backend, state, make, cancellation)
            : new ValueTask<HttpResponseMessage>(SendAsync(make(state), backend, null, cancellation));

    /// <summary>Whether the time to connect was over: that comes in the clothes of a cancellation.</summary>
    public static bool HasNotConnected(OperationCanceledException e) => e.InnerException is TimeoutException;

    public void Dispose() => invoker.Dispose();

    private async ValueTask<HttpResponseMessage> SendWithTokenAsync<T>(Backend backend, T state, Func<T, HttpRequestMessage> make, CancellationToken cancellation)
    {
        var token = await credentials.TokenForAsync(backend, cancellation);
        var answer = await SendAsync(make(state), backend, token, cancellation);
        if (answer.StatusCode != HttpStatusCode.Unauthorized || token is null)
            return answer;
        // Before a token is waited for: from here on nothing of the request is at the backend.
        var again = make(state);
        HttpResponseMessage? refusal = answer;
        try
        {
            if (await credentials.RenewAsync(backend, token, cancellation) is { } renewed)
                return await SendAsync(again, backend, renewed, cancellation);
            refusal = null;
            return answer;
        }
        finally
        {
            refusal?.Dispose();
        }
    }

    // A request has nothing to be disposed of: the bytes of its body are the caller's.
    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Backend backend, EntraToken? token, CancellationToken cancellation)
    {
        UpstreamCredentials.Prove(request, backend, token);
        return invoker.SendAsync(request, cancellation);
    }
}
