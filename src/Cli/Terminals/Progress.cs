namespace OpenAIProxy.Cli.Terminals;

/// <summary>One line on a terminal that says how far a long task is, and is gone when it is done. Silent in scripts.</summary>
internal sealed class Progress(Terminal terminal) : IDisposable
{
    private int shown;

    public async Task ShowAsync(string text)
    {
        if (!terminal.ShowsProgress)
            return;
        await terminal.Error.WriteAsync($"\r{text.PadRight(shown)}");
        await terminal.Error.FlushAsync();
        shown = Math.Max(shown, text.Length);
    }

    public void Dispose()
    {
        if (shown > 0)
            terminal.Error.Write($"\r{new string(' ', shown)}\r");
    }
}
