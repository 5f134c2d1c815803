using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Latency;
using OpenAIProxy.Simulator.Limits;
using OpenAIProxy.Simulator.Operations;

namespace OpenAIProxy.Simulator.Wire;

/// <summary>The headers of Azure's answers.</summary>
internal static class AnswerHeaders
{
    private const string ClientRequestId = "x-ms-client-request-id";

    /// <summary>All that a refusal of a credential carries.</summary>
    public static void WriteFront(HttpContext http) => http.Response.Headers["apim-request-id"] = Guid.NewGuid().ToString();

    public static void WriteCommon(HttpContext http, string requestId)
    {
        WriteFront(http);
        var headers = http.Response.Headers;
        headers["x-request-id"] = requestId;
        headers["x-ms-region"] = "East US";
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains; preload";
        headers["X-Content-Type-Options"] = "nosniff";
        if (http.Request.Headers[ClientRequestId] is { Count: > 0 } clientRequestId && clientRequestId.All(HeaderText.IsValue))
            headers[ClientRequestId] = clientRequestId;
    }

    public static void WriteDeployment(IHeaderDictionary headers, Deployment deployment, Admission admission)
    {
        headers["x-ms-deployment-name"] = deployment.Name;
        headers["x-ratelimit-limit-requests"] = deployment.Limit.LimitRequests;
        headers["x-ratelimit-limit-tokens"] = deployment.Limit.LimitTokens;
        headers["x-ratelimit-remaining-requests"] = admission.RemainingRequests.ToString();
        headers["x-ratelimit-remaining-tokens"] = admission.RemainingTokens.ToString();
    }

    public static void WriteModel(HttpContext http, Deployment deployment, Operation operation, Pace pace)
    {
        var headers = http.Response.Headers;
        headers["x-ms-rai-invoked"] = "true";
        headers["azureml-model-session"] = deployment.Session;
        // The oldest operation still says which model it is.
        if (operation.Kind == OperationKind.Completions)
            headers["openai-model"] = deployment.Model.Answers;
        http.Response.OnStarting(() =>
        {
            headers["openai-processing-ms"] = pace.Elapsed.TotalMilliseconds.ToString("0.####");
            return Task.CompletedTask;
        });
    }
}
