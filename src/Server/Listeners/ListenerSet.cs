using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenAIProxy.Server.Settings;

namespace OpenAIProxy.Server.Listeners;

/// <summary>The two listeners: how Kestrel opens them, and where they turned out to be.</summary>
public sealed class ListenerSet(ServerSettings settings)
{
    private readonly List<(Plane Plane, bool IsHttps, ListenOptions Options)> opened = [];

    /// <summary>The first address of the public listener; its port is known once the server has started.</summary>
    public Uri Public => AddressOf(Plane.Public);

    /// <summary>The first address of the admin listener; its port is known once the server has started.</summary>
    public Uri Admin => AddressOf(Plane.Admin);

    /// <summary>What links and examples call the server.</summary>
    public Uri PublicUrl => settings.PublicUrl ?? Public;

    internal void Open(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = settings.Gateway.MaxBodyBytes;
        // A body may pause for as long as it is allowed to, but nobody holds a connection open by a byte now and then.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, settings.Gateway.BodyTimeout + TimeSpan.FromSeconds(2));
        // One character a byte, in and out: what a client or a backend writes into a header is never a reason to fail here.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        foreach (var address in settings.Public)
            Open(kestrel, address, Plane.Public);
        foreach (var address in settings.Admin)
            Open(kestrel, address, Plane.Admin);
    }

    private void Open(KestrelServerOptions kestrel, ListenerAddress address, Plane plane) =>
        kestrel.Listen(address.Address, address.Port, listener =>
        {
            // When an answer is broken off, HTTP/2 in Kestrel throws away what was written and has not left yet, the reason with it.
            if (plane == Plane.Public)
                listener.Protocols = HttpProtocols.Http1;
            if (address.IsHttps)
                listener.UseHttps(settings.Certificate!);
            listener.Use(next => connection =>
            {
                connection.Features.Set(new ConnectionPlane(plane));
                return next(connection);
            });
            opened.Add((plane, address.IsHttps, listener));
        });

    private Uri AddressOf(Plane plane)
    {
        var (_, isHttps, options) = opened.First(o => o.Plane == plane);
        var endpoint = options.IPEndPoint!;
        // What listens on every address is reached on this one.
        var host = endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) ? "localhost"
            : endpoint.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{endpoint.Address}]" : endpoint.Address.ToString();
        return new Uri($"{(isHttps ? "https" : "http")}://{host}:{endpoint.Port}");
    }
}
