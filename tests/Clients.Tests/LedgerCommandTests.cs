namespace OpenAIProxy.Clients.Tests;

/// <summary>The ledger as the command line reads it from a running server.</summary>
public sealed class LedgerCommandTests
{
    [Fact]
    public async Task Entries_are_listed_and_downloaded_and_the_ledger_adds_up()
    {
        await using var installation = await new NewInstallation().StartAsync();
        (await installation.RunSampleAsync($"{OrganiseSampleTests.Folder}/from-nothing.sh")).ShouldSucceed();

        // Of the chat, and of the test of the backend before it.
        (await installation.TypeAsync("openai-proxy ledger verify")).ShouldSucceed().ShouldStartWith("All is well: 2 entries, 2 totals, ");

        var table = (await installation.TypeAsync("openai-proxy entries summer-school --attendee ann --operation chatCompletions --outcome complete")).ShouldSucceed();
        table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        table.ShouldContain("  ann       gpt-4o  chatCompletions ");
        (await installation.TypeAsync("openai-proxy entries --exactness estimated")).ShouldSucceed().ShouldBe("None.\n");
        (await installation.TypeAsync("openai-proxy entries summer-school --csv all.csv && cat all.csv")).ShouldSucceed().ShouldContain(",summer-school,1,ann,gpt-4o,chatCompletions,");
        (await installation.TypeAsync("openai-proxy entries --model gpt-4 --csv -")).ShouldSucceed().Trim().ShouldEndWith(",exactness,outcome");
        (await installation.TypeAsync("openai-proxy attendee show summer-school ann")).ShouldSucceed().ShouldNotContain("Raised caps");
    }
}
