namespace OpenAIProxy.Clients.Tests;

/// <summary>Identities of backends and token admission of events, typed at the command line and kept by the real server.</summary>
public sealed class IdentityCommandTests
{
    private const string Add = "openai-proxy backend add aoai --endpoint https://x.openai.azure.com";
    private const string Application = "--entra clientSecret --tenant contoso.example --client-id 66666666-7777-8888-9999-aaaaaaaaaaaa --client-secret env:APP_SECRET";
    private const string Secret = "APP_SECRET=canary-secret";
    private const string Tenant = "11111111-2222-3333-4444-555555555555";

    [Fact]
    public async Task Backend_is_added_by_a_kind_of_identity_alone()
    {
        await using var installation = await new NewInstallation().StartAsync();

        (await installation.TypeAsync($"{Add} --entra managedIdentity --deploy gpt-4o")).ShouldSucceed().ShouldContain("Deployment gpt-4o answers for gpt-4o.");

        var shown = (await installation.TypeAsync("openai-proxy backend show aoai")).ShouldSucceed();
        shown.ShouldContain("Key          no\nEntra        managedIdentity\n");
        shown.ShouldNotContain("Client");
    }

    [Fact]
    public async Task Backend_says_all_of_its_identity_but_the_secret()
    {
        await using var installation = await new NewInstallation().StartAsync();

        var added = (await installation.TypeAsync($"{Secret} {Add} {Application} --scope api://x/.default --authority https://login.example/ --json")).ShouldSucceed();
        var shown = (await installation.TypeAsync("openai-proxy backend show aoai")).ShouldSucceed();
        var audit = (await installation.TypeAsync("openai-proxy audit --kind backend --json")).ShouldSucceed();

        shown.ShouldContain("""
            Entra          clientSecret
            Tenant         contoso.example
            Client id      66666666-7777-8888-9999-aaaaaaaaaaaa
            Client secret  yes
            Scope          api://x/.default
            Authority      https://login.example/

            """);
        (added + shown + audit).ShouldNotContain("canary");
    }

    [Fact]
    public async Task Backend_comes_as_somebody_else_and_back_to_its_key()
    {
        await using var installation = await new NewInstallation().StartAsync();
        (await installation.TypeAsync($"{Secret} {Add} {Application} --scope api://x/.default")).ShouldSucceed();

        var another = (await installation.TypeAsync("openai-proxy backend edit aoai --entra managedIdentity")).ShouldSucceed();
        another.ShouldContain("Scope        api://x/.default\n");
        another.ShouldNotContain("contoso.example");
        (await installation.TypeAsync("KEY=canary-key openai-proxy backend edit aoai --key env:KEY")).ShouldSucceed().ShouldNotContain("Entra");
        (await installation.TypeAsync("openai-proxy backend edit aoai --entra azureCli --tenant contoso.example")).ShouldSucceed().ShouldContain("Key          no\n");
        (await installation.TypeAsync("openai-proxy backend edit aoai --tenant ''")).ShouldSucceed().ShouldNotContain("contoso.example");
    }

    [Fact]
    public async Task Secret_of_an_identity_is_changed_alone_and_moves_nowhere_by_itself()
    {
        await using var installation = await new NewInstallation().StartAsync();
        (await installation.TypeAsync($"{Secret} {Add} {Application}")).ShouldSucceed();

        (await installation.TypeAsync($"{Secret}-2 openai-proxy backend edit aoai --client-secret env:APP_SECRET")).ShouldSucceed().ShouldContain("contoso.example");
        var moved = await installation.TypeAsync("openai-proxy backend edit aoai --endpoint https://elsewhere.example");
        var redirected = await installation.TypeAsync("openai-proxy backend edit aoai --authority https://elsewhere.example/");

        moved.ExitCode.ShouldBe(1, moved.Output);
        moved.Output.ShouldContain("must be given again");
        redirected.ExitCode.ShouldBe(1, redirected.Output);
        redirected.Output.ShouldContain("must be given again");
        (await installation.TypeAsync($"{Secret} openai-proxy backend edit aoai --endpoint https://elsewhere.example --entra clientSecret --client-secret env:APP_SECRET")).ShouldSucceed();
    }

    [Fact]
    public async Task What_an_identity_lacks_is_told_by_field()
    {
        await using var installation = await new NewInstallation().StartAsync();

        var ended = await installation.TypeAsync($"{Add} --entra clientSecret --scope nonsense");

        ended.ExitCode.ShouldBe(1, ended.Output);
        foreach (var field in (string[])["entra.tenantId", "entra.clientId", "entra.clientSecret", "entra.scope"])
            ended.Output.ShouldContain(field);
        (await installation.TypeAsync("openai-proxy backend list")).ShouldSucceed().ShouldBe("None.\n");
    }

    [Fact]
    public async Task Event_is_told_whose_tokens_let_people_in_and_that_nobodys_do()
    {
        await using var installation = await new NewInstallation().StartAsync();
        (await installation.TypeAsync($"{Add} --entra default --deploy gpt-4o")).ShouldSucceed();

        (await installation.TypeAsync($"openai-proxy event create hack --token-tenant {Tenant} --token-audience api://hack,app --token-roles Attendee --stream-mode strict")).ShouldSucceed();
        var edited = (await installation.TypeAsync("openai-proxy event edit hack --token-roles '' --stream-mode surface")).ShouldSucceed();
        var copied = (await installation.TypeAsync("openai-proxy event copy hack hack-2")).ShouldSucceed();
        var closed = (await installation.TypeAsync("openai-proxy event edit hack --no-token-admission")).ShouldSucceed();

        edited.ShouldContain($"Token tenant     {Tenant}\nToken audiences  api://hack, app\nToken authority  https://login.microsoftonline.com/\n");
        edited.ShouldNotContain("Stream mode");
        copied.ShouldContain(Tenant);
        closed.ShouldNotContain("Token");
        var wrong = await installation.TypeAsync("openai-proxy event edit hack --token-tenant contoso.example");
        wrong.ExitCode.ShouldBe(1, wrong.Output);
        wrong.Output.ShouldContain("tokenAdmission");
    }

    [Fact]
    public async Task Document_carries_identities_and_admissions_and_changes_nothing_where_they_are()
    {
        await using var installation = await new NewInstallation().StartAsync();
        (await installation.TypeAsync($"{Secret} {Add} {Application} --deploy gpt-4o")).ShouldSucceed();
        (await installation.TypeAsync($"openai-proxy event create hack --token-tenant {Tenant} --token-audience app --token-groups {Tenant} --stream-mode faithful")).ShouldSucceed();
        (await installation.TypeAsync("openai-proxy export --output all.yaml")).ShouldSucceed().ShouldContain("To supply: env:AOAI_CLIENT_SECRET (clientSecret of aoai)");
        await using var elsewhere = await new NewInstallation().StartAsync();
        File.Copy(Path.Combine(installation.Directory, "all.yaml"), Path.Combine(elsewhere.Directory, "all.yaml"));
        const string Apply = "AOAI_CLIENT_SECRET=canary-secret openai-proxy apply all.yaml";

        (await installation.TypeAsync(Apply)).ShouldSucceed().ShouldBe("Nothing to change.\n");
        var applied = (await elsewhere.TypeAsync(Apply)).ShouldSucceed();
        (await elsewhere.TypeAsync("openai-proxy export --output again.yaml")).ShouldSucceed();

        applied.ShouldContain("Applied: 8 made, 0 changed, 0 deleted.");
        applied.ShouldNotContain("canary");
        File.ReadAllText(Path.Combine(elsewhere.Directory, "again.yaml")).ShouldBe(File.ReadAllText(Path.Combine(elsewhere.Directory, "all.yaml")));
    }
}
