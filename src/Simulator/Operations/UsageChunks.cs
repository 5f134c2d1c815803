using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>Sends the usage once, or as often as a fault says.</summary>
internal static class UsageChunks
{
    /// <returns>False if the stream has been broken off.</returns>
    public static async ValueTask<bool> SendAsync(Outlet outlet, ReadOnlyMemory<byte> chunk)
    {
        var times = outlet.FaultKind switch
        {
            FaultKind.NoUsage or FaultKind.UsageWithChoices => 0,
            FaultKind.DuplicateUsage => 2,
            _ => 1,
        };
        for (; times > 0; times--)
        {
            if (!await outlet.SendEventAsync(chunk))
                return false;
        }

        return true;
    }
}
