using System.Net;
using OpenAIProxy.Passthrough;

// Kestrel alone: no routing, no logging, no middleware. Options: --port NUMBER (0 takes a free one), --upstream URL.
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.Configuration.AddCommandLine(args);
var upstream = builder.Configuration["upstream"] ?? throw new ArgumentException("Say where to forward to: --upstream http://127.0.0.1:9000");
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(IPAddress.Loopback, builder.Configuration.GetValue("port", 0));
});
await using var app = builder.Build();
using var forwarder = new Forwarder(new Uri(upstream));
app.Run(forwarder.ForwardAsync);
await app.StartAsync();
await Console.Out.WriteLineAsync($"Listening on {app.Urls.First()}");
await app.WaitForShutdownAsync();
