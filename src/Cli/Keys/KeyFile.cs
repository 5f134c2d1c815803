using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Keys;

/// <summary>Where new keys go: a new file that only its owner may read, or standard output.</summary>
internal sealed class KeyFile : IAsyncDisposable
{
    private readonly TextWriter writer;
    private bool isEmpty = true;

    private KeyFile(TextWriter writer, string? path)
    {
        this.writer = writer;
        Path = path;
    }

    /// <summary>Null for standard output.</summary>
    public string? Path { get; }

    public static KeyFile Create(Invocation run, string path)
    {
        if (path == "-")
            return new(run.Terminal.Output, null);
        try
        {
            return new(new StreamWriter(PrivateFile.Create(run.Surroundings.PathOf(path))), path);
        }
        catch (CommandFailedException unwritable)
        {
            throw new CommandFailedException(unwritable.ExitCode, $"No key was made, because they could not be written: {unwritable.Message}");
        }
    }

    public async Task WriteAsync(string name, string key)
    {
        if (isEmpty)
            await writer.WriteLineAsync("name,key");
        isEmpty = false;
        await writer.WriteLineAsync(Csv.Row(name, key));
    }

    /// <exception cref="IOException">The disk has not what was written.</exception>
    public Task FlushAsync() => writer.FlushAsync();

    public async ValueTask DisposeAsync()
    {
        if (Path is null)
            return;
        var file = ((FileStream)((StreamWriter)writer).BaseStream).Name;
        try
        {
            await writer.DisposeAsync();
        }
        catch (IOException)
        {
            // Flushing said so already, and what could not be written is told then.
        }
        // Nothing was made: an empty file would only be in the way of the next attempt.
        if (isEmpty)
            File.Delete(file);
    }
}
