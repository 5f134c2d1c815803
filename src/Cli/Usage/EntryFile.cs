using System.Text;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Usage;

/// <summary>Where a download of entries goes: standard output, or a new file for its owner alone. However many there are, no memory holds them all.</summary>
internal static class EntryFile
{
    private const int Block = 64 * 1024;

    public static async Task<int> WriteAsync(Invocation run, string path, string file)
    {
        if (file != "-")
            return await SaveAsync(run, path, file);
        await run.Api.DownloadAsync(path, entries => PrintAsync(run, entries));
        return ExitCode.Ok;
    }

    private static async Task PrintAsync(Invocation run, Stream entries)
    {
        using var reader = new StreamReader(entries, Encoding.UTF8);
        var block = new char[Block];
        while (await reader.ReadAsync(block, run.Cancellation) is > 0 and var read)
            await TakeAsync(() => run.Terminal.Output.WriteAsync(block.AsMemory(0, read), run.Cancellation));
        await TakeAsync(() => run.Terminal.Output.FlushAsync(run.Cancellation));
    }

    private static async Task<int> SaveAsync(Invocation run, string path, string file)
    {
        await run.Api.DownloadAsync(path, entries => SaveAsync(run, entries, file));
        return await run.SayAsync(new JsonObject { ["written"] = file }, $"They are in {file}.");
    }

    private static async Task SaveAsync(Invocation run, Stream entries, string file)
    {
        var target = PrivateFile.Create(run.Surroundings.PathOf(file));
        var isWhole = false;
        try
        {
            await CopyAsync(run, entries, target);
            isWhole = true;
        }
        finally
        {
            await target.DisposeAsync();
            // Half of the entries must not be taken for all of them.
            if (!isWhole)
                File.Delete(target.Name);
        }
    }

    private static async Task CopyAsync(Invocation run, Stream entries, FileStream target)
    {
        using var progress = new Progress(run.Terminal);
        var block = new byte[Block];
        while (await entries.ReadAsync(block, run.Cancellation) is > 0 and var read)
        {
            await TakeAsync(() => target.WriteAsync(block, 0, read, run.Cancellation));
            await TakeAsync(() => target.FlushAsync(run.Cancellation));
            await progress.ShowAsync($"{target.Length:N0} bytes");
        }
    }

    // Else what this machine does not take would pass for an answer that breaks off.
    private static async Task TakeAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (IOException full)
        {
            throw new CommandFailedException(ExitCode.Failed, full.Message);
        }
    }
}
