using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>What the server is told by options, environment and file, and what it says of what is wrong.</summary>
public sealed class SettingsTests
{
    private const string FileName = "openai-proxy.json";

    [Fact]
    public async Task Wrong_settings_end_it_with_2_and_one_line_for_each()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, "--url", "nowhere", "--drain-timeout", "soon", "--max-body-bytes", "7", "--max-body-memory", "6", "--trusted-proxies", "everybody");

        (await server.EndAsync()).ShouldBe(2);

        var lines = server.Errors.Trim().Split('\n');
        lines.Length.ShouldBe(5, server.Errors);
        foreach (var name in new[] { "url: 'nowhere'", "drain-timeout: 'soon'", "max-body-bytes: '7'", "max-body-memory: '6'", "trusted-proxies: " })
            lines.ShouldContain(line => line.StartsWith(name));
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("'--nonsense'", "--nonsense")]
    [InlineData("'--data'", "--data")]
    [InlineData("'backup'", "backup")]
    [InlineData("opposites", "--demo", "--no-demo")]
    [InlineData("trusted-proxies: '10.0.1'", "--trusted-proxies", "10.0.1")]
    public async Task What_cannot_be_meant_ends_it_with_2_and_one_line(string words, params string[] options)
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, options);

        (await server.EndAsync()).ShouldBe(2);

        server.Errors.ShouldContain(words);
        server.Errors.Trim().ShouldNotContain("\n");
        server.Output.ShouldBeEmpty();
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Value_of_a_secret_is_not_repeated()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, new() { ["OPENAIPROXY_MASTER_KEY"] = "short-and-secret" }, ServerProcess.FreePorts);

        (await server.EndAsync()).ShouldBe(2);

        (server.Output + server.Errors).ShouldNotContain("short-and-secret");
        server.Errors.Trim().ShouldNotContain("\n");
        server.Errors.ShouldContain("master");
    }

    [Theory]
    [InlineData("https://{resource}")]
    [InlineData("http://{resource}:8080/openai")]
    [InlineData("https://models.{resource}/")]
    [InlineData("https://{resource}.")]
    [InlineData("ftp://{resource}.example")]
    public async Task Callers_with_a_resource_of_their_own_cannot_be_let_choose_the_whole_host(string template)
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, [.. ServerProcess.FreePorts, "--own-resources", "true", "--own-resource-url", template]);

        (await server.EndAsync()).ShouldBe(2);

        server.Errors.ShouldStartWith("own-resource-url: ");
    }

    [Theory]
    [InlineData("--url")]
    [InlineData("--admin-url")]
    public async Task Busy_port_ends_it_with_one_line_that_names_it(string option)
    {
        using var folder = new TempDirectory();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        string[] options = [option, address, option == "--url" ? "--admin-url" : "--url", "http://127.0.0.1:0"];
        await using var server = ServerProcess.Start(folder.Path, options);

        (await server.EndAsync()).ShouldBe(1);

        server.Errors.Trim().ShouldNotContain("\n");
        server.Errors.ShouldContain(address);
        server.Output.ShouldNotContain("is ready");
        server.Output.ShouldNotContain("Exception");
    }

    // 192.0.2.0/24 is for documentation: no machine has it.
    [Fact]
    public async Task Address_of_another_machine_ends_it_with_one_line_that_names_it()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, "--url", "http://192.0.2.1:0", "--admin-url", "http://127.0.0.1:0");

        (await server.EndAsync()).ShouldBe(1);

        server.Errors.Trim().ShouldNotContain("\n");
        server.Errors.ShouldContain("http://192.0.2.1:0");
        server.Output.ShouldNotContain("Exception");
    }

    [Theory]
    [InlineData("--simulator-latency", "slow")]
    [InlineData("--simulator-url", "somewhere")]
    // 192.0.2.0/24 is for documentation: no machine has it.
    [InlineData("--simulator-url", "http://192.0.2.1:8090")]
    [InlineData("--certificate", "nowhere.pfx")]
    public async Task Wrong_setting_of_a_part_is_told_as_any_other(string option, string value)
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, ["--url", "http://127.0.0.1:0", "--admin-url", "http://127.0.0.1:0", "--demo", option, value]);

        (await server.EndAsync()).ShouldBe(2, server.Output);

        server.Errors.ShouldStartWith($"{option[2..]}: '{value}' is n");
        server.Errors.Trim().ShouldNotContain("\n");
        server.Output.ShouldNotContain("Exception");
    }

    [Fact]
    public async Task Every_address_is_IPv4_only_where_the_machine_has_no_IPv6()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(
            folder.Path, new Dictionary<string, string> { ["DOTNET_SYSTEM_NET_DISABLEIPV6"] = "1" }, "--url", "http://*:0", "--admin-url", "http://127.0.0.1:0");
        var announced = await server.ReadyAsync();

        (await Command.RunAsync("curl", "--silent", "--fail", $"http://127.0.0.1:{announced.Public.Port}/healthz/live")).ShouldSucceed();
        (await Command.RunAsync("curl", "--silent", "--fail", $"http://[::1]:{announced.Public.Port}/healthz/live")).ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task Data_directory_that_cannot_be_made_ends_it_with_one_line_that_names_it()
    {
        using var folder = new TempDirectory();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "data"), "a file", TestContext.Current.CancellationToken);
        await using var server = ServerProcess.Start(folder.Path, ServerProcess.FreePorts);

        (await server.EndAsync()).ShouldBe(1);

        server.Errors.Trim().ShouldNotContain("\n");
        server.Errors.ShouldContain(Path.Combine(folder.Path, "data"));
    }

    [Fact]
    public async Task Help_names_every_setting_of_the_guide_and_ends_with_0()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, "--help");

        (await server.EndAsync()).ShouldBe(0);

        foreach (var name in NamesInGuide())
            server.Output.ShouldContain(name);
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Opposite_options_are_refused()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, "--demo", "--no-demo");

        (await server.EndAsync()).ShouldNotBe(0);

        server.Errors.ShouldContain("--demo and --no-demo are opposites");
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Unknown_option_is_named()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, ["--prot", "80", .. ServerProcess.FreePorts]);

        (await server.EndAsync()).ShouldNotBe(0);

        server.Errors.ShouldContain("--prot");
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Environment_counts_where_no_option_is_given()
    {
        using var folder = new TempDirectory();
        await using var server = ServerProcess.Start(folder.Path, new Dictionary<string, string>
        {
            ["OPENAIPROXY_URL"] = "http://127.0.0.1:0",
            ["OPENAIPROXY_ADMIN_URL"] = "http://127.0.0.1:0",
            ["OPENAIPROXY_DATA"] = "elsewhere",
            ["OPENAIPROXY_PUBLIC_URL"] = "https://proxy.example",
        });

        var announced = await server.ReadyAsync();

        announced.Public.ShouldBe(new Uri("https://proxy.example"));
        Directory.Exists(Path.Combine(folder.Path, "elsewhere")).ShouldBeTrue();
    }

    [Fact]
    public async Task File_counts_where_neither_option_nor_variable_is_given()
    {
        using var folder = new TempDirectory();
        await WriteFileAsync(folder, """{"url": ["http://127.0.0.1:0"], "admin-url": "http://127.0.0.1:0", "public-url": "https://file.example", "demo": false}""");
        await using var server = ServerProcess.Start(folder.Path);

        var announced = await server.ReadyAsync();

        announced.Public.ShouldBe(new Uri("https://file.example"));
    }

    [Fact]
    public async Task Option_comes_before_variable_before_file()
    {
        using var folder = new TempDirectory();
        await WriteFileAsync(folder, """{"public-url": "https://file.example", "data": "of-file", "key-ring": "ring-of-file"}""");
        Dictionary<string, string> variables = new() { ["OPENAIPROXY_PUBLIC_URL"] = "https://variable.example", ["OPENAIPROXY_DATA"] = "of-variable" };
        await using var server = ServerProcess.Start(folder.Path, variables, ["--public-url", "https://option.example", .. ServerProcess.FreePorts]);

        var announced = await server.ReadyAsync();

        announced.Public.ShouldBe(new Uri("https://option.example"));
        Directory.GetDirectories(folder.Path).Select(Path.GetFileName).ShouldBe(["of-variable", "ring-of-file"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"prot": 80}""", "'prot' is no setting")]
    [InlineData("""["url"]""", "it must be a JSON object")]
    [InlineData("""{"url": """, "it must be a JSON object")]
    public async Task Mistake_in_the_file_ends_it_with_2(string text, string said)
    {
        using var folder = new TempDirectory();
        await WriteFileAsync(folder, text);
        await using var server = ServerProcess.Start(folder.Path, ServerProcess.FreePorts);

        (await server.EndAsync()).ShouldBe(2);

        server.Errors.Trim().ShouldNotContain("\n");
        server.Errors.ShouldContain(FileName);
        server.Errors.ShouldContain(said);
    }

    // The guide's page has every setting the code knows: Architecture.Tests sees to that.
    private static List<string> NamesInGuide()
    {
        var names = Regex.Matches(File.ReadAllText(Repository.PathOf("docs/guide/settings.md")), "(?<=^\\| `)[\\w-]+", RegexOptions.Multiline, TimeSpan.FromSeconds(1))
            .Select(match => match.Value).ToList();
        names.Count.ShouldBeGreaterThan(15);
        return names;
    }

    private static Task WriteFileAsync(TempDirectory folder, string text) => File.WriteAllTextAsync(Path.Combine(folder.Path, FileName), text);
}
