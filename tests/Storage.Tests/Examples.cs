using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Tests;

/// <summary>A small catalogue and an event on it.</summary>
internal static class Examples
{
    public const string ApiKey = "canary-of-the-api-key";
    public const string ClientSecret = "canary-of-the-client-secret";

    public static readonly EventCode Hackathon = EventCode.Parse("hackathon");

    public static readonly BackendDefinition Backend = new() { Name = "west", Endpoint = "https://west.openai.azure.com/base", ApiKey = ApiKey };

    /// <summary>A backend without a key.</summary>
    public static readonly BackendDefinition Application = new()
    {
        Name = "application",
        Endpoint = "https://application.openai.azure.com",
        Entra = new EntraDefinition { Kind = EntraIdentityKind.ClientSecret, TenantId = "contoso.example", ClientId = "proxy", ClientSecret = ClientSecret },
    };

    public static readonly TokenAdmissionDefinition Admission = new()
    {
        TenantId = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
        Audiences = ["api://proxy", "another"],
        Groups = ["11111111-2222-4333-8444-555555555555"],
        Roles = ["Judge", "Team lead"],
    };

    public static readonly Model Gpt = new()
    {
        Name = "gpt-4o",
        Aliases = ["gpt-4o-latest", "omni"],
        Family = ModelFamily.Chat,
        Operations = [Operation.ChatCompletions],
        ContextWindow = 128_000,
        MaxOutput = 16_384,
    };

    public static readonly Model Embedder = new()
    {
        Name = "text-embedding-3-small",
        Family = ModelFamily.Embedding,
        Operations = [Operation.Embeddings],
        ContextWindow = 8_191,
        MaxOutput = 0,
    };

    public static readonly EventDefinition Event = new()
    {
        Code = "hackathon",
        Name = "Spring hackathon",
        Description = "Bring *ideas*.",
        Organiser = new Organiser("Ada", "ada@example.org"),
        ImageUrl = "https://example.org/logo.png",
        Start = new DateTime(2030, 5, 1, 9, 0, 0, DateTimeKind.Unspecified),
        End = new DateTime(2030, 5, 3, 18, 30, 0, DateTimeKind.Unspecified),
        TimeZone = "Europe/Berlin",
        State = EventState.Open,
        Models = ["text-embedding-3-small", "gpt-4o"],
        Defaults = new Dictionary<Operation, string> { [Operation.ChatCompletions] = "omni", [Operation.Embeddings] = "text-embedding-3-small" },
        OutputCap = 1_000,
        ReasoningOutputCap = 2_000,
        AttendeeCap = 20,
        AllowedOrigins = ["https://app.example", "http://localhost:3000"],
    };

    public static async Task PutAllAsync(Change change)
    {
        await change.Backends.PutAsync(Backend);
        await change.Models.PutAsync(Gpt);
        await change.Models.PutAsync(Embedder);
        await change.Deployments.PutAsync(new DeploymentDefinition("gpt-4o", "west", "my-gpt"));
        await change.Events.PutAsync(Event);
    }
}
