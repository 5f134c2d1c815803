using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Authentication.Tokens;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>The validator with real connections to a real issuer.</summary>
internal sealed class ValidatorUnderTest : IDisposable
{
    private readonly CapturedLog log = new();
    private readonly LoggerFactory loggers = new();
    private readonly IdentityProvider provider;
    private readonly TokenValidator validator;

    public ValidatorUnderTest(TimeProvider time, SocketsHttpHandler? handler = null)
    {
        loggers.AddProvider(log);
        provider = new IdentityProvider(time, handler);
        validator = new TokenValidator(new KeySets(provider, loggers.CreateLogger<KeySets>(), time), time);
    }

    public IReadOnlyList<string> Log => log.Lines;

    /// <returns>The person's user id, or the code of the refusal.</returns>
    public async Task<string> ValidateAsync(string text, TokenAdmission admission, CancellationToken cancellation = default) =>
        await RefusalOfAsync(text, admission, cancellation) is (var user, var refusal) && refusal is not null ? refusal.Code : user!;

    public async Task<(string? User, Refusal? Refusal)> RefusalOfAsync(string text, TokenAdmission admission, CancellationToken cancellation = default)
    {
        if (Jwt.Parse(text).IsRefused(out var malformed, out var token))
            return (null, malformed);
        if (await validator.VerifyAsync(token, admission, cancellation) is { } unverified)
            return (null, unverified);
        return validator.Check(token, admission).IsRefused(out var refusal, out var holder) ? (null, refusal) : (holder.User.Value, null);
    }

    public void Dispose()
    {
        provider.Dispose();
        loggers.Dispose();
    }
}
