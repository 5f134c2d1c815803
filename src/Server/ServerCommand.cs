using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net.Sockets;
using OpenAIProxy.Server.Settings;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Server;

/// <summary>The command line of the server.</summary>
internal static class ServerCommand
{
    internal static RootCommand Create(TextWriter output, TextWriter error)
    {
        var command = new RootCommand($"""
            Azure OpenAI Proxy: gives a group of people Azure OpenAI for a limited time, with the SDKs they already use.

            Every option can also be set in the environment (--admin-url as OPENAIPROXY_ADMIN_URL) or in {SettingSources.FileName} in the current directory ("admin-url"). Only there: {string.Join(", ", AllSettings.List.Where(s => s.IsSecret).Select(s => s.Variable))}.

            Try: OpenAIProxy.Server --demo, then paste the curl that it prints.
            """);
        var options = AllSettings.List.Where(s => !s.IsSecret && s != AllSettings.Demo).ToDictionary(s => s, OptionFor);
        foreach (var option in options.Values)
            command.Options.Add(option);
        var demo = new Option<bool>("--demo") { Description = AllSettings.Demo.Description };
        var noDemo = new Option<bool>("--no-demo") { Description = "The opposite of --demo." };
        command.Options.Add(demo);
        command.Options.Add(noDemo);
        foreach (var verb in OfflineCommands.Create(output, error))
            command.Subcommands.Add(verb);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(demo) && parsed.GetValue(noDemo))
                parsed.AddError("--demo and --no-demo are opposites: give one of them.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var said = options.Where(o => parsed.GetValue(o.Value) is not null).ToDictionary(o => o.Key, o => parsed.GetValue(o.Value)!);
            if (parsed.GetValue(demo) || parsed.GetValue(noDemo))
                said[AllSettings.Demo] = parsed.GetValue(noDemo) ? "false" : "true";
            return RunAsync(said, output, error, cancellation);
        });
        return command;
    }

    /// <summary>Runs what was typed. What is no option or lacks its value is a wrong setting like any other: a line each, and no page of help to scroll away.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var parsed = Create(output, error).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var wrong in parsed.Errors)
                await error.WriteLineAsync($"{wrong.Message} --help lists what there is.");
            return ExitCode.WrongSettings;
        }
        // The host answers signals and drains for as long as it was told; the command line would end the process after two seconds.
        return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null });
    }

    internal static Option<string?> OptionFor(Setting setting) => new("--" + setting.Name)
    {
        Description = setting.Default is null ? setting.Description : $"{setting.Description} Default: {setting.Default}",
        HelpName = setting.Form,
    };

    private static async Task<int> RunAsync(Dictionary<Setting, string> said, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var sources = new SettingSources(said, Environment.GetEnvironmentVariable, SettingSources.FileName);
        var settings = ServerSettings.Read(sources, IsDevelopment());
        if (sources.Errors.Count > 0)
        {
            foreach (var line in sources.Errors)
                await error.WriteLineAsync(line);
            return ExitCode.WrongSettings;
        }
        try
        {
            await using var app = ServerApplication.Create(settings);
            await app.StartAsync(cancellation);
            await output.WriteLineAsync(Announcement.For(app.Services));
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (WrongSettingException e)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCode.WrongSettings;
        }
        catch (WrongOptionException e)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCode.WrongSettings;
        }
        catch (StorageException e)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }
        catch (IOException e)
        {
            await error.WriteLineAsync($"The server cannot listen: {e.Message} Stop what listens there, or set url and admin-url.");
            return ExitCode.Failed;
        }
        catch (SocketException e)
        {
            // Such as a port below 1024, or an address of another machine. It does not say which of the two listeners it was.
            await error.WriteLineAsync($"The server cannot listen: {e.Message} at url {sources.Text(AllSettings.Url)} or admin-url {sources.Text(AllSettings.AdminUrl)}.");
            return ExitCode.Failed;
        }
    }

    private static bool IsDevelopment() =>
        (Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")) == Environments.Development;
}
