using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Secrets;

namespace OpenAIProxy.Cli.Catalog;

/// <summary>How the server proves to a backend who it is: by a key, or by tokens of Microsoft Entra ID.</summary>
internal sealed class CredentialOptions
{
    private readonly Option<SecretReference> key = Symbols.Secret("--key", "One of its keys, or say --entra.");
    private readonly Option<string> entra = Symbols.OneOf(
        "--entra", "Instead of a key, tokens of Microsoft Entra ID, and as whom to ask for them.",
        "default", "managedIdentity", "workloadIdentity", "clientSecret", "azureCli");

    private readonly Option<string> tenant = Symbols.Text("--tenant", "ID", "The directory of that identity, by id or domain.");
    private readonly Option<string> clientId = Symbols.Text("--client-id", "ID", "The application, or the user-assigned identity.");
    private readonly Option<SecretReference> clientSecret = Symbols.Secret("--client-secret", "The application's secret, for --entra clientSecret.");
    private readonly Option<string> scope = Symbols.Text(
        "--scope", "SCOPE", "What the tokens are for. Default: by the endpoint's cloud, such as https://cognitiveservices.azure.com/.default");

    private readonly Option<string> authority = Symbols.Text("--authority", "URL", "Where tokens come from. Default: by the endpoint's cloud, such as https://login.microsoftonline.com/");

    private Option[] OfIdentity => [tenant, clientId, clientSecret, scope, authority];

    public Verb AddTo(Verb verb)
    {
        foreach (var option in new Option[] { key, entra }.Concat(OfIdentity))
            verb.Add(option);
        return verb;
    }

    public bool IsSaid(Invocation run) => run.Has(key) || run.Has(entra) || OfIdentity.Any(run.Has);

    /// <exception cref="CommandFailedException">A new backend has neither a key nor an identity.</exception>
    public void Need(Invocation run)
    {
        if (!run.Has(key) && !run.Has(entra))
            throw Wrong("How does the server prove there who it is? Say --key env:NAME, or --entra managedIdentity (see --help for others).");
    }

    /// <exception cref="CommandFailedException">What was said contradicts itself.</exception>
    public void Check(Invocation run)
    {
        if (!run.Has(key))
            return;
        if (run.Has(entra))
            throw Wrong("A backend has a key or an identity: give --key or --entra, not both.");
        if (Array.Find(OfIdentity, run.Has) is { } other)
            throw Wrong($"{other.Name} goes with --entra, not with --key.");
    }

    /// <summary>Puts what was said, and nothing else.</summary>
    /// <param name="present">The identity that the backend has; null where it has a key or is new.</param>
    public async Task PutAsync(Invocation run, Body body, JsonObject? present = null)
    {
        if (present is null && !run.Has(entra) && Array.Find(OfIdentity, run.Has) is { } lone)
            throw Wrong($"{lone.Name} needs an identity that it is of: say --entra too.");
        var kind = run.Get(entra);
        // The tenant and client of one identity are none of another's; scope and authority belong to the cloud and stay.
        var unsaid = kind is not null && present is not null && present["kind"]?.ToString() != kind ? "" : null;
        var identity = new Body()
            .Put("kind", kind)
            .PutOrClear("tenantId", run.Get(tenant) ?? unsaid)
            .PutOrClear("clientId", run.Get(clientId) ?? unsaid)
            .PutOrClear("scope", run.Get(scope))
            .PutOrClear("authority", run.Get(authority))
            .Put("clientSecret", await run.SecretAsync(clientSecret));
        body.Put("apiKey", await run.SecretAsync(key)).Put("entra", identity.IsEmpty ? null : identity.Json);
    }

    private static CommandFailedException Wrong(string message) => new(ExitCode.WrongUsage, message);
}
