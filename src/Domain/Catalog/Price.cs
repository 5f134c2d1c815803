namespace OpenAIProxy.Domain.Catalog;

/// <summary>What a model's tokens cost, in micro-dollars for a million of them: a dollar is 1,000,000. Each number is at least 0.</summary>
/// <param name="Input">For the part of the input that was not cached.</param>
/// <param name="CachedInput">For the part of the input that was cached; the same as <paramref name="Input"/> where that is not cheaper.</param>
/// <param name="Output">For what was put out, hidden reasoning included.</param>
/// <param name="Image">For one image put out; 0 where the model makes none.</param>
/// <param name="AsOf">When the source said so.</param>
/// <param name="Source">Where the numbers are from, for people.</param>
public sealed record Price(long Input, long CachedInput, long Output, long Image, DateOnly AsOf, string Source);
