using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Authentication;
using OpenAIProxy.Gateway.Authentication.Tokens;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Credentials;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Probing;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Routing;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway;

/// <summary>The data plane's parts. It needs from outside: the live snapshot, the key ring, attendance, the ledger, who counts refusals, and the time.</summary>
public static class GatewaySetup
{
    public static IServiceCollection AddGateway(this IServiceCollection parts, GatewayOptions options) => parts
        .AddSingleton(options)
        .AddSingleton(options.GuessLimits)
        .AddSingleton<OwnResourcePolicy>()
        .AddSingleton<GuessGuard>()
        .AddSingleton<IdentityProvider>()
        .AddSingleton<KeySets>()
        .AddSingleton<TokenValidator>()
        .AddSingleton<TokenEntrance>()
        .AddSingleton<Authenticator>()
        .AddSingleton<BodyMemory>()
        .AddSingleton<CallReader>()
        .AddSingleton<Reserver>()
        .AddSingleton<Gatekeeper>()
        .AddSingleton<InFlight>()
        .AddSingleton<Router>()
        .AddSingleton<BackendHealth>()
        .AddSingleton<BackendConnections>()
        .AddSingleton<EntraTokens>()
        .AddSingleton<UpstreamCredentials>()
        .AddSingleton<Exchange>()
        .AddSingleton<Unanswered>()
        .AddSingleton<OwnResourceForwarder>()
        .AddSingleton<Forwarder>()
        .AddSingleton<ProbeEntries>()
        .AddSingleton<IBackendProbe, BackendProbe>()
        .AddSingleton<Transmitter>()
        .AddSingleton<Accountant>()
        .AddSingleton<GatewayMeter>()
        .AddSingleton<RefusalCounter>()
        .AddSingleton<RequestLog>()
        .AddSingleton<Relay>();
}
