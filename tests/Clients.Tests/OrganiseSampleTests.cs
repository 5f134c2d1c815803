using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>The samples of samples/organise, which need the command line and begin with an empty server.</summary>
public sealed class OrganiseSampleTests
{
    public const string Folder = "samples/organise";

    [Fact]
    public async Task From_nothing_ends_with_a_streamed_answer()
    {
        await using var installation = await new NewInstallation().StartAsync();

        var printed = (await installation.RunSampleAsync($"{Folder}/from-nothing.sh")).ShouldSucceed();

        printed.ShouldStartWith("data: ");
        printed.TrimEnd().ShouldEndWith("data: [DONE]");
    }

    [Fact]
    public async Task From_nothing_run_again_goes_on_with_what_is_there_and_the_resource_that_is_named_now()
    {
        await using var installation = await new NewInstallation().StartAsync();
        (await installation.RunSampleAsync($"{Folder}/from-nothing.sh", ("AZURE_OPENAI_ENDPOINT", "http://127.0.0.1:9"))).ExitCode.ShouldNotBe(0);
        (await installation.RunSampleAsync($"{Folder}/from-nothing.sh")).ShouldSucceed();

        var again = await installation.RunSampleAsync($"{Folder}/from-nothing.sh");

        again.ShouldSucceed().TrimEnd().ShouldEndWith("data: [DONE]");
        again.Errors.ShouldContain("summer-school is there already");
    }

    [Fact]
    public async Task From_nothing_fails_where_the_backend_does_not_answer()
    {
        await using var installation = await new NewInstallation().StartAsync();

        var ended = await installation.RunSampleAsync($"{Folder}/from-nothing.sh", ("AZURE_OPENAI_ENDPOINT", "http://127.0.0.1:9"));

        ended.ExitCode.ShouldNotBe(0);
        ended.Errors.ShouldContain("does not answer");
    }

    [Fact]
    public async Task Document_that_is_applied_twice_changes_nothing_the_second_time()
    {
        await using var installation = await new NewInstallation().StartAsync();

        var printed = (await installation.RunSampleAsync($"{Folder}/apply.sh")).ShouldSucceed();

        // Five things of the catalogue, the known prices of two models, two events, and the three limits that each new event has.
        printed.ShouldContain("Applied: 15 made, 0 changed, 0 deleted.");
        printed.TrimEnd().Split('\n')[^2..].ShouldBe(["Nothing to change.", "Nothing to change."]);
        printed.ShouldNotContain("blue-whale-42");
        (await installation.TypeAsync("openai-proxy event list")).ShouldSucceed().ShouldContain("workshop-afternoon");
    }

    [Fact]
    public async Task Document_without_its_secrets_changes_nothing()
    {
        await using var installation = await new NewInstallation().StartAsync();

        var ended = await installation.TypeAsync($"openai-proxy apply '{Repository.PathOf($"{Folder}/workshop.yaml")}'");

        ended.ExitCode.ShouldBe(2, ended.Output);
        ended.Output.ShouldContain("AZURE_OPENAI_API_KEY is not set");
        (await installation.TypeAsync("openai-proxy event list")).ShouldSucceed().ShouldBe("None.\n");
    }

    [Fact]
    public void Every_script_of_the_folder_is_run_here() => Directory
        .EnumerateFiles(Repository.PathOf(Folder), "*.sh").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)
        // A new one has to have a test above.
        .ShouldBe(["apply.sh", "from-nothing.sh"]);
}
