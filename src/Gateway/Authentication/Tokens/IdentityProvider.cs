using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using OpenAIProxy.Gateway.Forwarding;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>
/// Asks an identity provider for its keys. Its answers are bounded in size and time and lead nowhere else: not by a redirect,
/// and not by a document that names another host.
/// </summary>
internal sealed class IdentityProvider(TimeProvider time, SocketsHttpHandler? handler = null) : IDisposable
{
    /// <summary>For both documents together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int MaxAnswer = 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private readonly HttpMessageInvoker invoker = new(Set(handler ?? new SocketsHttpHandler()));

    /// <returns>At least one key, by their ids.</returns>
    /// <exception cref="IdentityProviderException">They could not be had.</exception>
    public async Task<IReadOnlyDictionary<string, SigningKey>> KeysOfAsync(TokenIssuer issuer)
    {
        // Many requests wait for this: none of them may end it by leaving.
        using var deadline = new Deadline(Patience, TimeSpan.Zero, time, CancellationToken.None);
        try
        {
            var address = await KeyAddressAsync(issuer, deadline.Token);
            using var document = await GetAsync(address, deadline.Token);
            var keys = KeyDocument.Read(document.RootElement, issuer);
            return keys.Count > 0 ? keys : throw new IdentityProviderException("it has no key that can be used");
        }
        catch (OperationCanceledException)
        {
            throw new IdentityProviderException($"it did not answer within {Patience.TotalSeconds:0} seconds");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new IdentityProviderException(Describe(e));
        }
        catch (Exception e) when (e is not IdentityProviderException)
        {
            // Whatever a document does to who reads it, it is the document's fault, and no request shall fail with 500 for it.
            throw new IdentityProviderException("its answer is not the JSON it should be");
        }
    }

    public void Dispose() => invoker.Dispose();

    private static SocketsHttpHandler Set(SocketsHttpHandler handler)
    {
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.AutomaticDecompression = DecompressionMethods.None;
        // It is asked once an hour: no connection is worth keeping.
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(1);
        return handler;
    }

    private async Task<Uri> KeyAddressAsync(TokenIssuer issuer, CancellationToken cancellation)
    {
        if (issuer.Authority.Scheme != Uri.UriSchemeHttps && !issuer.Authority.IsLoopback)
            throw new IdentityProviderException("its address is neither https nor on this machine");
        using var document = await GetAsync(issuer.Discovery, cancellation);
        if (document.RootElement.GetProperty("issuer").GetString() != issuer.Name)
            throw new IdentityProviderException("it names itself otherwise than its address and tenant say");
        if (!Uri.TryCreate(document.RootElement.GetProperty("jwks_uri").GetString(), UriKind.Absolute, out var address)
            || address.GetLeftPart(UriPartial.Authority) != issuer.Authority.GetLeftPart(UriPartial.Authority))
            throw new IdentityProviderException("its keys are said to be on another host");
        return address;
    }

    private async Task<JsonDocument> GetAsync(Uri address, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", "application/json" } } };
        using var answer = await invoker.SendAsync(request, cancellation);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new IdentityProviderException($"it answered with status {(int)answer.StatusCode}");
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var bytes = new byte[MaxAnswer + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        if (length > MaxAnswer)
            throw new IdentityProviderException($"its answer is longer than {MaxAnswer} bytes");
        return JsonDocument.Parse(bytes.AsMemory(0, length), Strict);
    }

    private static string Describe(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its host name is not known",
        { InnerException: AuthenticationException } => "a secure connection cannot be made",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError, InnerException: SocketException socket } => $"it cannot be reached ({socket.SocketErrorCode})",
        _ => "the connection broke",
    };
}
