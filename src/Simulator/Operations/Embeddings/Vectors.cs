using System.Collections.Concurrent;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations.Embeddings;

/// <summary>
/// Turns a text into a vector of length one: words and letter triples are hashed to directions and added up, so texts that share
/// words are near. A little of a vector common to all keeps unrelated texts from being quite unrelated, as with a real model.
/// </summary>
internal static class Vectors
{
    private const int PlacesPerFeature = 16;
    private const float WordWeight = 1f;
    private const float TripleWeight = 0.3f;
    private const float CommonWeight = 0.6f;
    private static readonly ConcurrentDictionary<int, float[]> CommonByDimensions = new();

    public static float[] Of(string text, int dimensions)
    {
        var vector = new float[dimensions];
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isInWord = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (isInWord && start < 0)
                start = i;
            if (isInWord || start < 0)
                continue;
            AddWord(vector, text.AsSpan(start, i - start));
            start = -1;
        }

        // The exact text as well: two that differ only in punctuation are near but not the same.
        Add(vector, Hash.Of(text, 7), TripleWeight);
        var common = CommonByDimensions.GetOrAdd(dimensions, MakeCommon);
        var scale = CommonWeight * Length(vector);
        for (var i = 0; i < dimensions; i++)
            vector[i] += common[i] * scale;
        return Normalise(vector);
    }

    private static void AddWord(float[] vector, ReadOnlySpan<char> word)
    {
        Span<char> lower = stackalloc char[Math.Min(word.Length, 64)];
        word[..lower.Length].ToLowerInvariant(lower);
        Add(vector, Hash.Of(lower, 1), WordWeight);
        for (var i = 0; i + 3 <= lower.Length; i++)
            Add(vector, Hash.Of(lower.Slice(i, 3), 2), TripleWeight);
    }

    private static void Add(float[] vector, ulong hash, float weight)
    {
        var dice = hash;
        for (var place = 0; place < PlacesPerFeature; place++)
        {
            dice = Hash.Mix(unchecked(dice + 0x9e3779b97f4a7c15UL));
            vector[(int)(dice % (ulong)vector.Length)] += (dice >> 63) == 0 ? weight : -weight;
        }
    }

    private static float[] MakeCommon(int dimensions)
    {
        var dice = new Dice(3);
        var common = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
            common[i] = (float)dice.Gauss();
        return Normalise(common);
    }

    private static float[] Normalise(float[] vector)
    {
        var length = Length(vector);
        for (var i = 0; i < vector.Length; i++)
            vector[i] /= length;
        return vector;
    }

    private static float Length(float[] vector)
    {
        var sum = 0.0;
        foreach (var value in vector)
            sum += (double)value * value;
        return sum == 0 ? 1 : (float)Math.Sqrt(sum);
    }
}
