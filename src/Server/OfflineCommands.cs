using System.CommandLine;
using OpenAIProxy.Server.Settings;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Offline;

namespace OpenAIProxy.Server;

/// <summary>The verbs that work on a data directory without a server: they need neither a listener nor a token.</summary>
internal static class OfflineCommands
{
    // What a data directory needs to be read; the rest of the settings is the server's.
    private static readonly Setting[] Needed = [AllSettings.Data, AllSettings.KeyRing, AllSettings.KeyRingCertificate];

    public static IEnumerable<Command> Create(TextWriter output, TextWriter error)
    {
        yield return WithFile("backup", "Write everything into one .tar.gz: database, key ring and admin token. Works beside a running server. Example: backup monday.tar.gz --data data",
            output, error, async (storage, file, cancellation) =>
            {
                await Backup.WriteAsync(storage, file, cancellation);
                return $"Everything is in {file}. Keep it as safe as the secrets in it.";
            });
        yield return WithFile("restore", "Bring a backup back into a data directory that is empty or not there. Example: restore monday.tar.gz --data data",
            output, error, async (storage, file, cancellation) =>
            {
                await Restore.ReadAsync(storage, file, cancellation);
                return $"{storage.DataDirectory} is as it was when {file} was written.";
            });
        yield return Make("migrate", "Bring the database that is there to this version, as the next start of the server would. Example: migrate --data data",
            output, error, [], async (_, storage, cancellation) =>
            {
                await Upgrade.RunAsync(storage, cancellation);
                return $"The database in {storage.DataDirectory} is of this version.";
            });
        yield return Make("verify", "Look at a data directory without changing it: file, migrations, secrets, events, ledger. Example: verify --data data",
            output, error, [], async (_, storage, cancellation) =>
            {
                var wrong = await Verification.RunAsync(storage, TimeProvider.System, cancellation);
                return wrong.Count == 0 ? $"All is well in {storage.DataDirectory}." : throw new StorageException(string.Join(Environment.NewLine, wrong));
            });
    }

    private static Command WithFile(string name, string description, TextWriter output, TextWriter error, Func<StorageOptions, string, CancellationToken, Task<string>> run)
    {
        var file = new Argument<string>("FILE") { Description = "The backup." };
        return Make(name, description, output, error, [file], (parsed, storage, cancellation) => run(storage, Path.GetFullPath(parsed.GetValue(file)!), cancellation));
    }

    private static Command Make(
        string name, string description, TextWriter output, TextWriter error, IEnumerable<Argument> arguments, Func<ParseResult, StorageOptions, CancellationToken, Task<string>> run)
    {
        var options = Needed.ToDictionary(s => s, ServerCommand.OptionFor);
        var command = new Command(name, description);
        foreach (var argument in arguments)
            command.Arguments.Add(argument);
        foreach (var option in options.Values)
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var said = options.Where(o => parsed.GetValue(o.Value) is not null).ToDictionary(o => o.Key, o => parsed.GetValue(o.Value)!);
            var sources = new SettingSources(said, Environment.GetEnvironmentVariable, SettingSources.FileName);
            var storage = ServerSettings.ReadStorage(sources);
            if (sources.Errors.Count > 0)
                return await SayAsync(error, string.Join(Environment.NewLine, sources.Errors), ExitCode.WrongSettings);
            try
            {
                return await SayAsync(output, await run(parsed, storage, cancellation), 0);
            }
            catch (StorageException e)
            {
                return await SayAsync(error, e.Message, e is WrongOptionException ? ExitCode.WrongSettings : ExitCode.Failed);
            }
        });
        return command;
    }

    private static async Task<int> SayAsync(TextWriter writer, string text, int exitCode)
    {
        await writer.WriteLineAsync(text);
        return exitCode;
    }
}
