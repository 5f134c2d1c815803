using System.Text;

namespace OpenAIProxy.Cli.Terminals;

/// <summary>Where a command reads and writes, and whether a person sits there.</summary>
internal sealed class Terminal(TextReader input, TextWriter output, TextWriter error)
{
    public TextReader Input => input;

    public TextWriter Output => output;

    public TextWriter Error => error;

    /// <summary>Whether questions can be asked: input and questions both go to a person.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether a line can be written over on standard error, which a log of a script could not show.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>Columns, or null where the output is no terminal and may be as wide as it likes.</summary>
    public int? Width { get; init; }

    /// <summary>Reads a line without showing it.</summary>
    public Func<string>? ReadHidden { get; init; }

    public static Terminal OfThisProcess() => new(Console.In, Console.Out, Console.Error)
    {
        IsInteractive = !Console.IsInputRedirected && !Console.IsErrorRedirected,
        ShowsProgress = !Console.IsErrorRedirected,
        Width = Console.IsOutputRedirected || Console.WindowWidth <= 0 ? null : Console.WindowWidth,
        ReadHidden = Console.IsInputRedirected ? null : ReadHiddenLine,
    };

    /// <summary>Asks for a line until it can be read; Enter alone takes <paramref name="suggestion"/>.</summary>
    /// <param name="read">Makes of the line what it stands for, or throws what is wrong with it.</param>
    public async Task<string> AskAsync(string question, string? suggestion, Func<string, string> read, CancellationToken cancellation)
    {
        while (true)
        {
            var answer = await AskAsync(question, suggestion, cancellation);
            try
            {
                return read(answer);
            }
            catch (CommandFailedException wrong)
            {
                await Error.WriteLineAsync(wrong.Message);
            }
        }
    }

    public async Task<bool> AskYesAsync(string question, CancellationToken cancellation)
    {
        await Error.WriteAsync($"{Printable.From(question)} [y/N] ");
        var answer = await Input.ReadLineAsync(cancellation);
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>All of standard input, or a hidden line where a person types.</summary>
    public async Task<string> ReadSecretAsync(CancellationToken cancellation)
    {
        if (ReadHidden is null)
            return await Input.ReadToEndAsync(cancellation);
        await Error.WriteAsync("Secret (not shown): ");
        var secret = ReadHidden();
        await Error.WriteLineAsync();
        return secret;
    }

    private async Task<string> AskAsync(string question, string? suggestion, CancellationToken cancellation)
    {
        while (true)
        {
            await Error.WriteAsync(suggestion is null ? $"{question}: " : $"{question} [{suggestion}]: ");
            var line = await Input.ReadLineAsync(cancellation)
                ?? throw new CommandFailedException(ExitCode.WrongUsage, "No answer: the input ended.");
            if (line.Trim() is { Length: > 0 } answer)
                return answer;
            if (suggestion is not null)
                return suggestion;
        }
    }

    private static string ReadHiddenLine()
    {
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }
        return typed.ToString();
    }
}
