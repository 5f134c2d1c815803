using System.CommandLine;

namespace OpenAIProxy.Cli.Completion;

internal static class CompletionCommands
{
    public static Command Create() => new("completion", "Scripts that let a shell complete commands and options.")
    {
        CompletionScript.Create("bash", "Prints the script for bash.", "eval \"$(openai-proxy completion bash)\"    # in ~/.bashrc"),
        CompletionScript.Create("zsh", "Prints the script for zsh.", "eval \"$(openai-proxy completion zsh)\"    # in ~/.zshrc, after compinit"),
    };
}
