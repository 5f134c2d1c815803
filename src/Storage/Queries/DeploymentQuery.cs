namespace OpenAIProxy.Storage.Queries;

/// <summary>Sorts by model (the default), backend or name; searches all three.</summary>
public sealed record DeploymentQuery : PageQuery
{
    public string? Model { get; init; }

    public string? Backend { get; init; }
}
