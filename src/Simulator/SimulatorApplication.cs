using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenAIProxy.Simulator.Access;
using OpenAIProxy.Simulator.Control;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Identity;
using OpenAIProxy.Simulator.Operations;
using OpenAIProxy.Simulator.Recorder;
using OpenAIProxy.Simulator.Tls;

namespace OpenAIProxy.Simulator;

/// <summary>An Azure OpenAI without a model, as a web application that any process can start.</summary>
public static class SimulatorApplication
{
    /// <summary>Builds the simulator; it listens when started, on the <c>--url</c> and <c>--https-url</c> given (port 0 takes a free one).</summary>
    /// <param name="configure">May replace the TimeProvider, the IHostLifetime, and add logging.</param>
    /// <exception cref="ArgumentException">The arguments do not parse; the message says which and why.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null) =>
        Create(SimulatorCommand.Parse(args), configure);

    internal static WebApplication Create(SimulatorOptions options, Action<WebApplicationBuilder>? configure)
    {
        // An empty builder: as a guest in another process it must not read that process's settings or write to its console.
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        string[] urls = options.HttpsUrl is { } secure ? [options.Url, secure] : [options.Url];
        var certificate = ServerCertificate.Of(options);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseUrls(urls).ConfigureKestrel(kestrel =>
        {
            if (certificate is not null)
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
            // The faults of the wire break off connections, and a connection has to be one request's.
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.AddServerHeader = false;
            // The largest bodies Azure takes are pictures inside a chat.
            kestrel.Limits.MaxRequestBodySize = 100L * 1024 * 1024;
            // A client that reads slowly or not at all is a client to simulate for, not to cut off.
            kestrel.Limits.MinResponseDataRate = null;
        });
        // Two bytes, of which the half is the mark to go on at: a flush waits until all bytes are with the system. So a connection that
        // is broken off has sent what was written before, and nothing is generated ahead of a client that does not read.
        builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = 2);
        builder.Services.AddSingleton<IHostLifetime, GuestLifetime>();
        builder.Services.AddSingleton(options).AddSingleton(options.Deployments).AddSingleton(options.Latency)
            .AddSingleton(services => new Doorkeeper(options.Keys, services.GetRequiredService<TokenJudge>()))
            .AddSingleton(new FaultDesk(options.Faults, options.Seed))
            .AddSingleton<Gate>()
            .AddSingleton(services => new Journal(options.Record, services.GetRequiredService<TimeProvider>()))
            .AddSingleton<FrontDoor>().AddSingleton<ControlDesk>().AddSingleton<IdentityControl>()
            .AddSingleton<IdentityState>().AddSingleton<SigningKeys>().AddSingleton<Mint>().AddSingleton<Origin>().AddSingleton<TokenJudge>()
            .AddSingleton<EntraProblems>().AddSingleton<ClientCredentials>().AddSingleton<ManagedIdentity>().AddSingleton<IdentityDocuments>()
            .AddSingleton<IdentityDesk>();
        configure?.Invoke(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);

        var app = builder.Build();
        if (certificate is not null)
            app.Lifetime.ApplicationStopped.Register(certificate.Dispose);
        var control = app.Services.GetRequiredService<ControlDesk>();
        var identity = app.Services.GetRequiredService<IdentityDesk>();
        var frontDoor = app.Services.GetRequiredService<FrontDoor>();
        // One method instead of a routing table: Azure answers every unknown path and method with the same 404.
        app.Run(http => http.Request.Path.StartsWithSegments("/simulator", StringComparison.Ordinal, out var rest)
            ? control.AnswerAsync(http, rest.Value ?? "")
            : IdentityRoute.Match(http.Request.Path.Value ?? "") is { } route ? identity.AnswerAsync(http, route)
            : frontDoor.AnswerAsync(http));
        return app;
    }
}
