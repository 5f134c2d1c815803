namespace OpenAIProxy.Cli.Tests;

/// <summary>The disk is full, or a screen is gone: a sentence says what happened, and nothing is lost that could be taken back.</summary>
public sealed class WritingTests : IAsyncLifetime
{
    private CliUnderTest cli = null!;

    public async ValueTask InitializeAsync()
    {
        cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", Examples.Event("hack"));
        cli.Write("names.txt", "ada\nalan\ngrace\n");
    }

    public ValueTask DisposeAsync() => cli.DisposeAsync();

    [Fact]
    public async Task Keys_that_cannot_be_written_are_named_with_the_way_to_revoke_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a file that is always full.");
        await using var full = Full();
        cli.Out = new StreamWriter(full);

        (await cli.RunAsync("key", "import", "hack", "names.txt", "--output", "-")).ShouldBe(ExitCode.Failed);

        cli.Error.ShouldContain("The keys 0 to 2 of event hack are made, and could not be written: No space left on device");
        cli.Error.ShouldContain("for id in $(seq 0 2); do openai-proxy key revoke hack $id --yes; done");
        cli.Error.ShouldNotContain("   at ");
        cli.Error.ShouldNotContain(AdminServer.NewKey);
    }

    [Theory]
    [InlineData("whoami")]
    [InlineData("--help")]
    [InlineData("usage")]
    [InlineData("entries hack --csv -")]
    [InlineData("export --output /dev/full")]
    public async Task What_goes_wrong_on_this_machine_is_a_sentence_and_an_exit_code(string line)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a file that is always full.");
        await using var full = Full();
        cli.Out = new StreamWriter(full) { AutoFlush = true };

        (await cli.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Failed, cli.Error);

        cli.Error.ShouldContain("No space left on device");
        cli.Error.ShouldNotContain("   at ");
    }

    private static FileStream Full() => new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
}
