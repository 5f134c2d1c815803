using System.Text.Json;

namespace OpenAIProxy.Portal.Problems;

/// <summary>A value of a body that is none of those that its field takes.</summary>
/// <param name="takes">What it takes, as a sentence for the client; it names no type of ours.</param>
internal sealed class UnfitValueException(string takes) : JsonException(takes)
{
    public string Takes { get; } = takes;
}
