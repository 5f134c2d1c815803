using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using OpenAIProxy.Gateway;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Surfaces;
using OpenAIProxy.Portal;
using OpenAIProxy.Server.Demo;
using OpenAIProxy.Server.Health;
using OpenAIProxy.Server.Listeners;
using OpenAIProxy.Server.Logs;
using OpenAIProxy.Server.Metrics;
using OpenAIProxy.Server.Settings;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Server;

/// <summary>Puts the planes together. Nothing is opened before the application starts.</summary>
public static class ServerApplication
{
    // Whoever is cut off at the end of the drain is told, written down, and told goodbye to; who does not listen must not keep the process.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <param name="configure">May replace parts, such as the time.</param>
    public static WebApplication Create(ServerSettings settings, Action<WebApplicationBuilder>? configure = null)
    {
        // The texts we write are read by programs, whatever the culture of the machine.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        // An empty builder: every setting is ours, and none comes from a file or a variable that we do not name.
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        var listeners = new ListenerSet(settings);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(listeners.Open);
        AddLogging(builder.Logging, settings.LogsJson);
        AddParts(builder.Services, settings, listeners);
        configure?.Invoke(builder);

        var app = builder.Build();
        UseMiddleware(app, settings);
        MapEndpoints(app);
        return app;
    }

    private static void AddParts(IServiceCollection parts, ServerSettings settings, ListenerSet listeners)
    {
        parts.AddSingleton(settings).AddSingleton(listeners).AddSingleton(TimeProvider.System);
        parts.AddRouting().AddCors().AddMetrics();
        parts.AddSingleton<IMemoryPoolFactory<byte>, BlockPool.Factory>();
        parts.AddSingleton<MatcherPolicy, PlanePolicy>();
        parts.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Gateway.DrainTimeout + LastWords);
        // Hosted services start in the order in which they are added, before the listeners open, and stop in the opposite one, after
        // the listeners have drained. Storage is the first: DataProtection's own would make its files before the directory is ours.
        parts.AddHostedService<StorageHost>();
        parts.AddStorage(settings.Storage).AddGateway(settings.Gateway).AddPortal();
        parts.AddSingleton<PrometheusExporter>().AddSingleton<StorageCheck>().AddSingleton<DemoHost>();
        parts.AddHostedService(services => services.GetRequiredService<DemoHost>());
    }

    private static void UseMiddleware(WebApplication app, ServerSettings settings)
    {
        // Made now, so that it hears of every measurement from the first one on.
        app.Services.GetRequiredService<PrometheusExporter>();
        if (settings.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(TrustOnly(settings.TrustedProxies));
        app.UseRefusals();
        app.UseWhen(context => context.IsOn(Plane.Public), open => open.UseSingleSlashes().UseWhen(IsFromPage, pages => pages.UseCors(Cors)));
        app.UseWhen(context => context.IsOn(Plane.Admin), admin => admin.UsePortal());
        app.UseRouting();
        app.UseWhen(context => context.IsOn(Plane.Admin), admin => admin.UseSlashesInNames());
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static void MapEndpoints(WebApplication app)
    {
        var data = app.MapGroup("").WithMetadata(new PlaneStamp(Plane.Public));
        // What stands behind the router (authentication, authorization) is the admin plane's.
        data.ShortCircuit();
        data.MapGateway();
        app.MapGroup("").WithMetadata(new PlaneStamp(Plane.Both)).MapHealth();
        var admin = app.MapGroup("").WithMetadata(new PlaneStamp(Plane.Admin));
        admin.MapPortal();
        admin.MapMetrics();
    }

    // ASP.NET's CORS makes a scope of services for each request, also for those that it then lets pass.
    private static bool IsFromPage(HttpContext context) => context.Request.Headers.Origin.Count > 0;

    // Hackathons build browser applications. There are no cookies on the data plane, so any page may call it; an event
    // that wants it otherwise refuses other origins once the caller is known.
    private static void Cors(Microsoft.AspNetCore.Cors.Infrastructure.CorsPolicyBuilder policy) => policy
        .AllowAnyOrigin().AllowAnyMethod().AllowAnyHeader()
        .WithExposedHeaders([.. PageHeaders.Readable])
        .SetPreflightMaxAge(TimeSpan.FromHours(2));

    private static ForwardedHeadersOptions TrustOnly(IEnumerable<System.Net.IPNetwork> networks)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // As many hops as are trusted: what stands behind the first untrusted one is not read.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks)
            options.KnownIPNetworks.Add(network);
        return options;
    }

    private static void AddLogging(ILoggingBuilder logging, bool json)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        // What nobody expected is logged by us, with the request's id; past Kestrel goes only what is thrown on purpose.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        // Else ASP.NET makes an activity and a logging scope for each request, which nobody reads: traces are ours (RequestLog).
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A wrong token is the client's to hear of; a server on a network sees many.
        logging.AddFilter("OpenAIProxy.Portal.SignIn", LogLevel.Warning);
        // Why the server did not start is one line for whoever started it, not a trace beside it.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (json)
            // By a function, so that it is disposed of, and what it holds is written, at the end.
            logging.Services.AddSingleton<ILoggerProvider>(static _ => new JsonLogs(Console.OpenStandardOutput(), TimeProvider.System));
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
    }
}
