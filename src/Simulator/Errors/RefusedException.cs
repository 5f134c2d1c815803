namespace OpenAIProxy.Simulator.Errors;

/// <summary>
/// Leaves the reading of a body at the first thing wrong with it. An exception, because the readers are deep and a refusal is rare
/// enough that its cost does not matter here.
/// </summary>
#pragma warning disable CA1032, RCS1194, MA0062 // Always made with a problem.
internal sealed class RefusedException(Problem problem) : Exception(problem.Body)
#pragma warning restore CA1032, RCS1194, MA0062
{
    public Problem Problem { get; } = problem;
}
