using System.Runtime.InteropServices;

namespace OpenAIProxy.Simulator.Limits;

/// <summary>What a rate limit says to one request.</summary>
/// <param name="RemainingRequests">May be negative, as Azure's is.</param>
/// <param name="TokensReset">When the minute's counter starts again.</param>
/// <param name="RequestsReset">When the slice's counter starts again.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Admission(
    long RemainingRequests, long RemainingTokens, Exceeded Exceeded, TimeSpan TokensReset, TimeSpan RequestsReset);
