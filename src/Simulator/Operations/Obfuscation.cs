using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>The noise of one stream; none if the client has not asked for it. The same stream has the same noise.</summary>
internal sealed class Obfuscation(bool isWanted, string requestId)
{
    private const int Longest = 16;
    private static readonly byte[] Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8.ToArray();
    private readonly Dice dice = new(Hash.Of(requestId));

    /// <summary>As the last field of a chunk.</summary>
    public void Append(ChunkBuffer chunk)
    {
        if (!isWanted)
            return;
        Span<byte> noise = stackalloc byte[1 + dice.Below(Longest)];
        foreach (ref var letter in noise)
            letter = Letters[dice.Below(Letters.Length)];
        chunk.Raw(",\"obfuscation\":\""u8).Raw(noise).Raw("\""u8);
    }
}
