namespace OpenAIProxy.Bench.Results;

/// <summary>A scenario that did not come to its end.</summary>
/// <param name="Scenario">Its name.</param>
internal sealed record Failure(string Scenario, string Reason);
