namespace OpenAIProxy.Server.Logs;

/// <summary>The event ids of what the server logs. Never reuse one.</summary>
internal static class LogEvents
{
    public const int SimulatorPortTaken = 2000;
    public const int StorageHangs = 2001;
    public const int StorageBack = 2002;
    public const int LinesLeftOut = 2003;
}
