using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Limits;
using OpenAIProxy.Simulator.Operations;

namespace OpenAIProxy.Simulator.Faults;

/// <summary>Azure's answers by the names that a plan calls them.</summary>
internal static class NamedBodies
{
    private static readonly Dictionary<string, Func<Problem>> ProblemsByName = new()
    {
        ["400-api-version"] = () => AzureProblems.ApiVersionNotSupported,
        ["400-unfinished"] = () => OpenAIProblems.Unfinished,
        ["401-key"] = () => AzureProblems.WrongKey,
        ["401-token"] = () => AzureProblems.WrongToken,
        ["403"] = () => AzureProblems.Firewall,
        ["404-deployment"] = () => AzureProblems.DeploymentNotFound,
        ["404-path"] = () => AzureProblems.ResourceNotFound,
        ["408"] = () => AzureProblems.Timeout,
        ["424"] = () => AzureProblems.FailedDependency,
        ["429-tokens"] = () => Limited(Exceeded.Tokens),
        ["429-requests"] = () => Limited(Exceeded.Requests),
        ["429-capacity"] = () => AzureProblems.NoCapacity,
        ["500-model"] = () => AzureProblems.ModelFailed,
        ["500-gateway"] = () => AzureProblems.GatewayFailed(),
        ["503"] = () => AzureProblems.Unavailable,
        ["content_filter"] = () => AzureProblems.ContentFilter,
    };

    public static IEnumerable<string> Names => ProblemsByName.Keys;

    public static Problem? Find(string name) => ProblemsByName.GetValueOrDefault(name)?.Invoke();

    /// <summary>What Azure most likely says with a status.</summary>
    public static Problem For(int status) => status switch
    {
        401 => AzureProblems.WrongKey,
        403 => AzureProblems.Firewall,
        404 => AzureProblems.DeploymentNotFound,
        408 => AzureProblems.Timeout,
        424 => AzureProblems.FailedDependency,
        429 => Limited(Exceeded.Tokens),
        500 => AzureProblems.ModelFailed,
        503 => AzureProblems.Unavailable,
        _ => new(status, $$$"""{"error":{"code":"{{{status}}}","message":"A fault of the simulator."}}"""),
    };

    private static Problem Limited(Exceeded exceeded) => AzureProblems.RateLimited(
        Operation.ChatCompletions, "2024-10-21", exceeded, TimeSpan.FromSeconds(exceeded == Exceeded.Tokens ? 26 : 9), TimeSpan.FromSeconds(9));
}
