namespace OpenAIProxy.Cli.Tests;

public sealed class ConfirmationTests
{
    [Theory]
    [InlineData("event", "delete", "hack")]
    [InlineData("event", "close", "hack")]
    [InlineData("event", "archive", "hack")]
    [InlineData("event", "secret", "remove", "hack")]
    [InlineData("key", "revoke", "hack", "1")]
    [InlineData("key", "rotate", "hack", "1", "--grace", "0s")]
    [InlineData("token", "revoke", "1")]
    [InlineData("deployment", "remove", "m", "b")]
    public async Task What_cannot_be_undone_is_asked_for(params string[] args)
    {
        await using var cli = await CliUnderTest.StartAsync();
        cli.Server.Add("events", Examples.Event("hack"));

        (await cli.RunAsync(args)).ShouldBe(ExitCode.WrongUsage);
        cli.Error.ShouldContain("--yes");
        cli.Typed = "n\n";
        (await cli.RunAsync(args)).ShouldBe(ExitCode.Refused);
        cli.Server.Requests.ShouldAllBe(r => r.Method == "GET");
        cli.Typed = "y\n";
        (await cli.RunAsync(args)).ShouldBe(ExitCode.Ok, cli.Error);
        cli.Server.Requests.Count(r => r.Method is "DELETE" or "POST").ShouldBe(1);
    }
}
