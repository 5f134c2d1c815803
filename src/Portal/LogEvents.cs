namespace OpenAIProxy.Portal;

/// <summary>The event ids of what the portal logs. Never reuse one.</summary>
internal static class LogEvents
{
    public const int Failed = 4000;
    public const int BrokenOff = 4001;
}
