using OpenAIProxy.Bench.Load;
using OpenAIProxy.Bench.Subjects;

namespace OpenAIProxy.Bench.Scenarios;

/// <summary>One of those that a scenario compares.</summary>
/// <param name="Label">Its name in the results.</param>
internal sealed record Contestant(string Label, Subject Subject, Requests Requests, Expectation Expectation);
