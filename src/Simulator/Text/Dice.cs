namespace OpenAIProxy.Simulator.Text;

/// <summary>SplitMix64: the same seed throws the same numbers in every version of .NET. Not thread-safe.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        unchecked
        {
            state += 0x9e3779b97f4a7c15UL;
        }

        return Hash.Mix(state);
    }

    /// <summary>From 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>From 0 up to, not including, 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Normally distributed, mean 0, deviation 1.</summary>
    public double Gauss() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    public T Pick<T>(T[] of) => of[Below(of.Length)];
}
