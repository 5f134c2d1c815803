using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>The ways to a token that need an environment, an authority with https or a program of their own.</summary>
public sealed class EntraTests
{
    private const string Tenant = "contoso.example";
    private const string Application = "8f0f6e3e-5a54-4a0e-9a5c-3f1d0b3c9a11";
    private const string Secret = "the~client.secret-of-this-test";

    [Fact]
    public async Task Client_secret_opens_a_backend_and_once_more_when_its_token_is_refused()
    {
        await using var installation = await StartAsync(at => new { kind = "clientSecret", tenantId = Tenant, clientId = Application, clientSecret = Secret, authority = at.Authority });

        await ShouldSurviveARevocationAsync(installation);

        await ShouldHaveKeptNoSecretAsync(installation);
    }

    [Fact]
    public async Task Workload_identity_opens_a_backend_by_what_its_platform_says()
    {
        await using var installation = await StartAsync(at => new { kind = "workloadIdentity", authority = at.Authority }, async installation =>
        {
            installation.Environment["AZURE_TENANT_ID"] = Tenant;
            installation.Environment["AZURE_CLIENT_ID"] = Application;
            installation.Environment["AZURE_FEDERATED_TOKEN_FILE"] = await installation.WriteAsync("assertion",
                await installation.Simulator.OrderTokenAsync(new { sub = "system:serviceaccount:lab:proxy" }));
        });
        await installation.Simulator.SetIdentityAsync(new { clients = new[] { new { id = Application, subjects = new[] { "system:serviceaccount:lab:proxy" } } } });

        await ShouldSurviveARevocationAsync(installation);
    }

    [Fact]
    public async Task Default_chain_takes_the_application_of_the_environment_first()
    {
        await using var installation = await StartAsync(at => new { kind = "default", authority = at.Authority }, installation =>
        {
            installation.Environment["AZURE_TENANT_ID"] = Tenant;
            installation.Environment["AZURE_CLIENT_ID"] = Application;
            installation.Environment["AZURE_CLIENT_SECRET"] = Secret;
            return Task.CompletedTask;
        });

        await ShouldSurviveARevocationAsync(installation);

        await ShouldHaveKeptNoSecretAsync(installation);
    }

    [Fact]
    public async Task Azure_cli_is_asked_for_a_token_and_asked_again_when_it_is_refused()
    {
        await using var installation = await StartAsync(_ => new { kind = "azureCli", tenantId = Tenant }, installation => installation.WriteProgramAsync("az", $$"""
            echo "$@" >> asked
            token=$(curl -s '{{installation.Simulator.Address}}simulator/tokens' -d '{"aud": "https://cognitiveservices.azure.com"}' | sed -n 's/.*"access_token": "\([^"]*\)".*/\1/p')
            echo "{\"accessToken\": \"$token\", \"expires_on\": $(($(date +%s) + 3600)), \"tenant\": \"{{Tenant}}\", \"tokenType\": \"Bearer\"}"
            """));

        (await AskAsync(installation)).Status.ShouldBe(200);
        (await AskAsync(installation)).Status.ShouldBe(200);
        (await OrderedAsync(installation)).ShouldBe(1);
        await installation.Simulator.RevokeTokensAsync();
        (await AskAsync(installation)).Status.ShouldBe(200);
        (await OrderedAsync(installation)).ShouldBe(2);
    }

    [Fact]
    public async Task Default_chain_that_ends_at_the_azure_cli_has_no_other_token_than_the_one_that_is_refused()
    {
        await using var installation = await StartAsync(_ => new { kind = "default" }, async installation =>
        {
            installation.Environment["AZURE_TOKEN_CREDENTIALS"] = "AzureCliCredential";
            var token = await installation.Simulator.OrderTokenAsync(new { aud = "https://cognitiveservices.azure.com" });
            await installation.WriteProgramAsync("az", $$"""
                echo "{\"accessToken\": \"{{token}}\", \"expires_on\": $(($(date +%s) + 3600)), \"tenant\": \"{{Tenant}}\", \"tokenType\": \"Bearer\"}"
                """);
        });
        (await AskAsync(installation)).Status.ShouldBe(200);
        await installation.Simulator.RevokeTokensAsync();

        (await AskAsync(installation)).Code.ShouldBe("backend_misconfigured");

        // What the resource said, not that somebody is to sign in anew with claims.
        (await installation.Api.GetStringAsync("/healthz/ready")).ShouldContain("Cognitive Services OpenAI User");
    }

    [Fact]
    public async Task Azure_cli_that_nobody_is_signed_in_to_is_said_in_a_test_of_the_backend()
    {
        await using var installation = await StartAsync(_ => new { kind = "azureCli" }, installation => installation.WriteProgramAsync("az", """
            echo "ERROR: Please run 'az login' to setup account." >&2
            exit 1
            """));

        (await TestAsync(installation)).ShouldContain("Please run 'az login'");
        (await AskAsync(installation)).Code.ShouldBe("backend_misconfigured");
    }

    [Fact]
    public async Task Client_secret_that_is_wrong_is_said_in_a_test_of_the_backend_and_not_shown()
    {
        await using var installation = await StartAsync(at => new { kind = "clientSecret", tenantId = Tenant, clientId = Application, clientSecret = Secret, authority = at.Authority });
        await installation.Simulator.SetIdentityAsync(new { clients = new[] { new { id = Application, secrets = new[] { "another" } } } });

        (await TestAsync(installation)).ShouldContain("AADSTS7000215");
        (await AskAsync(installation)).Code.ShouldBe("backend_misconfigured");

        await ShouldHaveKeptNoSecretAsync(installation);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("garbage")]
    public async Task Authority_that_is_down_or_talks_nonsense_is_a_502_and_asked_a_few_times(string kind)
    {
        await using var installation = await StartAsync(at => new { kind = "clientSecret", tenantId = Tenant, clientId = Application, clientSecret = Secret, authority = at.Authority });
        await installation.Simulator.SetIdentityAsync(new { outages = new[] { new { endpoint = "token", kind, status = 503 } } });

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync(installation, $"hackathon/user-{i}")));

        answers.ShouldAllBe(a => a.Status == 502 && a.Code == "backend_unreachable");
        (await AskedAsync(installation)).ShouldBeInRange(1, 3);
        await ShouldHaveKeptNoSecretAsync(installation);
    }

    private static async Task<EntraInstallation> StartAsync(Func<EntraInstallation, object> entra, Func<EntraInstallation, Task>? prepare = null)
    {
        var installation = new EntraInstallation();
        await installation.StartSimulatorAsync();
        if (prepare is not null)
            await prepare(installation);
        await installation.StartServerAsync(entra(installation));
        return installation;
    }

    private static async Task ShouldSurviveARevocationAsync(EntraInstallation installation)
    {
        await ShouldBeAnsweredAsync(installation, asked: 1);
        await ShouldBeAnsweredAsync(installation, asked: 1);
        await installation.Simulator.RevokeTokensAsync();
        await ShouldBeAnsweredAsync(installation, asked: 2);
    }

    private static async Task ShouldBeAnsweredAsync(EntraInstallation installation, long asked)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync(installation, $"hackathon/user-{i}")));

        answers.ShouldAllBe(a => a.Status == 200);
        (await AskedAsync(installation)).ShouldBe(asked);
    }

    private static async Task ShouldHaveKeptNoSecretAsync(EntraInstallation installation)
    {
        foreach (var secret in new[] { Secret, await installation.Simulator.TokenBeginningAsync() })
        {
            installation.Server.Output.ShouldNotContain(secret);
            installation.Server.Errors.ShouldNotContain(secret);
            (await installation.Api.GetStringAsync("/healthz/ready")).ShouldNotContain(secret);
            (await installation.Api.GetStringAsync("/metrics")).ShouldNotContain(secret);
        }
    }

    private static Task<Answer> AskAsync(EntraInstallation installation, string code = "hackathon/ann") => installation.Client.AskAsync(Asking.Chat, Asking.Hello, code);

    private static async Task<string> TestAsync(EntraInstallation installation)
    {
        var answer = await installation.Api.SendAsync("POST", "/api/backends/simulator/test", "{}");
        answer.Json.GetProperty("step").GetString().ShouldBe("token", answer.Body);
        return answer.Json.GetProperty("message").GetString()!;
    }

    private static async Task<long> AskedAsync(EntraInstallation installation) => (await installation.Simulator.IdentityAsync()).GetProperty("asked").GetProperty("token").GetInt64();

    private static async Task<long> OrderedAsync(EntraInstallation installation) => (await installation.Simulator.IdentityAsync()).GetProperty("ordered").GetInt64();
}
