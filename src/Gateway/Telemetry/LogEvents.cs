namespace OpenAIProxy.Gateway.Telemetry;

/// <summary>The event ids of what the gateway logs. Never reuse one.</summary>
internal static class LogEvents
{
    public const int RequestEnded = 1000;
    public const int Unexpected = 1001;
    public const int BackendUnreachable = 1010;
    public const int BackendMisconfigured = 1011;
    public const int BackendExhausted = 1012;
    public const int BackendTooSlow = 1013;
    public const int AnswerBroken = 1014;
    public const int SettlementUnwritten = 1015;
    public const int AnswerUnwritten = 1016;
    public const int IdentityProviderFailed = 1020;
    public const int IdentityProviderBack = 1021;
    public const int TokenUnavailable = 1030;
    public const int TokenRefused = 1031;
    public const int TokenNotRenewed = 1032;
    public const int TokenFetched = 1033;
}
