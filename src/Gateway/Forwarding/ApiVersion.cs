namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>What depends on the api-version a backend is called with.</summary>
internal static class ApiVersion
{
    // https://learn.microsoft.com/azure/ai-services/openai/api-version-deprecation: added in 2024-09-01-preview.
    private const string FirstWithUsageInStreams = "2024-09-01";

    /// <summary>Whether <c>stream_options.include_usage</c> is known; older versions refuse a body that has it.</summary>
    public static bool ReportsUsageInStreams(string apiVersion) =>
        string.CompareOrdinal(apiVersion, 0, FirstWithUsageInStreams, 0, FirstWithUsageInStreams.Length) >= 0;
}
