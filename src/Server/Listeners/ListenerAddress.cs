using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.Server.Listeners;

/// <summary>An address to listen on.</summary>
/// <param name="Host">An IP address, <c>localhost</c>, or <c>*</c> for all.</param>
/// <param name="Port">0 takes a free one.</param>
public sealed record ListenerAddress(string Host, int Port, bool IsHttps)
{
    /// <summary>A free port of this machine, reachable from this machine only.</summary>
    public static readonly ListenerAddress Free = new("127.0.0.1", 0, IsHttps: false);

    public IPAddress Address => Host switch
    {
        // Takes IPv4 as well; but some containers have no IPv6 at all.
        "*" or "+" => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.Parse(Host.Trim('[', ']')),
    };

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenerAddress? address)
    {
        address = null;
        // A star is no host name to Uri.
        var wildcard = text.Contains("://*", StringComparison.Ordinal) || text.Contains("://+", StringComparison.Ordinal);
        if (!Uri.TryCreate(wildcard ? text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal) : text, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https") || url.PathAndQuery != "/")
            return false;
        if (!wildcard && url.Host != "localhost" && !IPAddress.TryParse(url.Host.Trim('[', ']'), out _))
            return false;
        address = new ListenerAddress(wildcard ? "*" : url.Host, url.Port, url.Scheme == "https");
        return true;
    }
}
