namespace OpenAIProxy.Simulator.Operations;

/// <summary>Makes ids of answers: the request's own, in the look of the service.</summary>
internal static class AnswerId
{
    public static string Of(string prefix, string requestId) => string.Concat(prefix, requestId.Replace("-", "", StringComparison.Ordinal).AsSpan(0, 29));
}
