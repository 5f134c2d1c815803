using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>Where the simulator is, as whoever asks sees it: issuers and documents name that.</summary>
internal sealed class Origin(IServer server)
{
    public static string Of(HttpRequest request) => $"{request.Scheme}://{request.Host.Value}";

    /// <summary>In the public form <c>{origin}/{tenant}/v2.0</c>.</summary>
    public static string Issuer(HttpRequest request, string tenant) => $"{Of(request)}/{tenant}/v2.0";

    /// <summary>
    /// Whether an issuer is this simulator. It goes by more than one name: http and https, localhost and 127.0.0.1, so the port decides,
    /// or the name under which the request has come.
    /// </summary>
    public bool IsOurs(string issuer, string tenantId, HttpRequest request) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.AbsolutePath == $"/{tenantId}/v2.0" && uri.Query.Length == 0
        && (uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase) || IsOurPort(uri.Port));

    private bool IsOurPort(int port) =>
        server.Features.Get<IServerAddressesFeature>() is { } listening && listening.Addresses.Any(address => BindingAddress.Parse(address).Port == port);
}
