using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>A server whose events admit tokens of a <see cref="LocalIssuer"/>. Its clock stands still.</summary>
public sealed class TokenGateway : IAsyncLifetime
{
    public ManualTime Time { get; } = new();

    public GatewayUnderTest Gateway { get; private set; } = null!;

    internal LocalIssuer Issuer { get; private set; } = null!;

    internal TokenAdmissionDefinition Admission => new() { TenantId = LocalIssuer.Tenant, Audiences = Issuer.Admission.Audiences, Authority = Issuer.Address.ToString() };

    public async ValueTask InitializeAsync()
    {
        Issuer = await LocalIssuer.StartAsync();
        Gateway = new GatewayUnderTest
        {
            Time = Time,
            // Otherwise most attacks would be told to wait and never reach what they are to try.
            Options = new() { GuessLimits = new() { PerAddress = int.MaxValue, PerEvent = int.MaxValue } },
        };
        await Gateway.StartAsync();
        await Gateway.AddEventAsync(TokenAttacks.Everybody, e => e with { TokenAdmission = Admission });
        await Gateway.AddEventAsync(TokenAttacks.Grouped, e => e with { TokenAdmission = Admission with { Groups = TokenAttacks.GroupIds, Roles = [TokenAttacks.Role] } });
        await Gateway.AddEventAsync(TokenAttacks.WithRoles, e => e with { TokenAdmission = Admission with { Roles = [TokenAttacks.Role] } });
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    internal TokenDraft Draft() => new(Issuer, Time.GetUtcNow());

    internal async Task<Answer> AskAsync(string token, string? @event)
    {
        using var request = Asking.Post(Asking.Chat, Asking.Hello, "Bearer " + token, "Authorization");
        if (@event is not null)
            request.Headers.TryAddWithoutValidation("openai-event-code", @event);
        return await Gateway.Client.AskAsync(request);
    }
}
