using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

/// <summary>Whose tokens of Microsoft Entra ID let people in to an event.</summary>
internal sealed class AdmissionOptions
{
    private readonly Option<string> tenant = Symbols.Text(
        "--token-tenant", "GUID", "Lets people in by tokens of Microsoft Entra ID, beside codes and keys: of which directory, by its id.");

    private readonly Option<string[]> audiences = Symbols.Names(
        "--token-audience", "AUDIENCE,…", "For whom those tokens are made out: the client id or application id URI of what people sign in to.");

    private readonly Option<string[]> groups = Symbols.Names("--token-groups", "GUID,…", "Not everybody of the directory, but who is in one of these groups, by object id.");
    private readonly Option<string[]> roles = Symbols.Names("--token-roles", "ROLE,…", "Likewise, who has one of these roles of the application.");
    private readonly Option<string> authority = Symbols.Text(
        "--token-authority", "URL", "Where the directory is, if not in the public cloud, such as https://login.microsoftonline.us/; an empty text is the public cloud.");

    public Verb AddTo(Verb verb)
    {
        foreach (var option in new Option[] { tenant, audiences, groups, roles, authority })
            verb.Add(option);
        return verb;
    }

    /// <summary>What was said, and nothing else; null where that is nothing.</summary>
    public JsonNode? Said(Invocation run)
    {
        var said = new Body()
            .Put("tenantId", run.Get(tenant))
            .Put("audiences", run.Has(audiences) ? run.Get(audiences) : null)
            .Put("groups", run.Has(groups) ? run.Get(groups) : null)
            .Put("roles", run.Has(roles) ? run.Get(roles) : null)
            .PutOrClear("authority", run.Get(authority));
        return said.IsEmpty ? null : said.Json;
    }
}
