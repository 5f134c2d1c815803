using System.Runtime.InteropServices;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>What the image is made of: the published server, run by a user who owns nothing but its data directory.</summary>
public sealed class PublishedServerTests
{
    private const string Nobody = "65534";
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string[] AsNobody = ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"];

    [Fact]
    public async Task Ordinary_user_runs_it_with_its_data_elsewhere_and_it_drains()
    {
        using var folder = new TempDirectory();
        File.SetUnixFileMode(folder.Path, Readable);
        var app = Path.Combine(folder.Path, "app");
        var data = Path.Combine(folder.Path, "volume");
        (await Command.RunAsync("dotnet", "publish", Repository.PathOf("src/Server"), "-c", Repository.Configuration, "--no-build", "-o", app)).ShouldSucceed();
        Directory.CreateDirectory(data);
        string[] program = ["dotnet", Path.Combine(app, "OpenAIProxy.Server.dll")];
        if (Environment.IsPrivilegedProcess)
        {
            (await Command.RunAsync("chown", $"{Nobody}:{Nobody}", data)).ShouldSucceed();
            program = [.. AsNobody, await DotnetForNobodyAsync(Path.Combine(folder.Path, "runtime")), program[^1]];
        }
        Dictionary<string, string> image = new()
        {
            ["OPENAIPROXY_DATA"] = data,
            ["OPENAIPROXY_URL"] = "http://*:0",
            ["OPENAIPROXY_ADMIN_URL"] = "http://*:0",
            ["OPENAIPROXY_SIMULATOR_URL"] = "http://127.0.0.1:0",
            ["HOME"] = "/nonexistent",
        };

        await using var server = ServerProcess.Start(app, program, image, "--demo");
        var announced = await server.ReadyAsync();
        var pasted = await Command.RunAsync("bash", "-c", announced.Curl);

        pasted.ShouldSucceed().ShouldContain("\"total_tokens\"");
        (await server.StopAsync()).ShouldBe(0, server.Errors);
    }

    /// <summary>The dotnet that runs this test, or a copy of its runtimes where nobody else can read it, as in root's own directory.</summary>
    private static async Task<string> DotnetForNobodyAsync(string copy)
    {
        // …/shared/Microsoft.NETCore.App/10.0.0/
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        var root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        var dotnet = Path.Combine(root, "dotnet");
        if ((await Command.RunAsync([.. AsNobody, "test", "-x", dotnet])).ExitCode == 0)
            return dotnet;
        Directory.CreateDirectory(copy);
        (await Command.RunAsync("cp", "-r", dotnet, Path.Combine(root, "host"), Path.Combine(root, "shared"), copy)).ShouldSucceed();
        (await Command.RunAsync("chmod", "-R", "a+rX", copy)).ShouldSucceed();
        return Path.Combine(copy, "dotnet");
    }
}
