using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Storage.Sql.Catalog;

namespace OpenAIProxy.Gateway.Tests.Forwarding.Credentials;

/// <summary>
/// The platform that the proxy runs on, which lends it identities. Azure.Identity learns where it is from the environment and
/// keeps what it gives for the whole process: there is one for all tests, and each test has identities of its own.
/// </summary>
public sealed class EntraPlatform : IAsyncLifetime
{
    private readonly GatewayUnderTest simulated = new();

    /// <summary>Plays Entra ID, and the resource that believes its tokens.</summary>
    public SimulatorControl Simulator => simulated.Simulator;

    public async ValueTask InitializeAsync()
    {
        await simulated.StartAsync();
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", new Uri(Simulator.Address, "/msi/token").ToString());
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "of-the-platform");
    }

    public ValueTask DisposeAsync() => simulated.DisposeAsync();

    /// <summary>A gateway whose backend is the platform's resource, as the client id that is returned.</summary>
    public async Task<GatewayUnderTest> StartAsync(
        TimeProvider? time = null, EntraIdentityKind kind = EntraIdentityKind.ManagedIdentity, string? clientId = "new", string? scope = null)
    {
        await Simulator.ResetIdentityAsync();
        await Simulator.ResetAsync();
        var gateway = await new GatewayUnderTest { Time = time ?? TimeProvider.System }.StartAsync();
        await BecomeAsync(gateway, clientId == "new" ? Guid.NewGuid().ToString() : clientId, kind, scope);
        return gateway;
    }

    public Task BecomeAsync(GatewayUnderTest gateway, string? clientId, EntraIdentityKind kind = EntraIdentityKind.ManagedIdentity, string? scope = null) =>
        gateway.ChangeAsync(async change => await change.Backends.PutAsync((await change.Backends.GetAsync("simulator"))! with
        {
            Endpoint = Simulator.Address.ToString(),
            Entra = new EntraDefinition { Kind = kind, ClientId = clientId, Scope = scope },
        }));

    /// <summary>How often a token was asked for.</summary>
    public async Task<long> AskedAsync() => (await Simulator.IdentityAsync()).GetProperty("asked").GetProperty("appService").GetInt64();
}

[CollectionDefinition(nameof(EntraPlatform))]
public sealed class EntraPlatformGroup : ICollectionFixture<EntraPlatform>;
