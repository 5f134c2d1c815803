using System.CommandLine;

namespace OpenAIProxy.Cli.Invocations;

/// <summary>A command that does something, as opposed to one that only groups others.</summary>
internal sealed class Verb(string name, string description, string example, Func<Invocation, Task<int>> act) : Command(name, description)
{
    /// <summary>One or more lines that can be pasted.</summary>
    public string Example => example;

    public Task<int> ActAsync(Invocation run) => act(run);
}
