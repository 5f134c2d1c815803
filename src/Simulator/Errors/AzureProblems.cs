using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Limits;
using OpenAIProxy.Simulator.Operations;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Errors;

/// <summary>What Azure itself says, word for word.</summary>
internal static class AzureProblems
{
    public static readonly Problem WrongKey = new(401, """
        {"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource."}}
        """)
    { IsFromFront = true };

    public static readonly Problem WrongToken = new(401, """
        {"statusCode": 401, "message": "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired."}
        """)
    { IsFromFront = true };

    public static readonly Problem Firewall = new(403, """{"error":{"code":"403","message":"Access denied due to Virtual Network/Firewall rules."}}""");

    public static readonly Problem ResourceNotFound = new(404, """{"error":{"code":"404","message": "Resource not found"}}""");

    public static readonly Problem DeploymentNotFound = new(404, """
        {"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."}}
        """);

    public static readonly Problem ApiVersionNotSupported = new(400, """{"error":{"code":"BadRequest","message":"API version not supported"}}""");

    public static readonly Problem Timeout = new(408, """{"error":{"code":"Timeout","message":"The operation was timeout."}}""");

    public static readonly Problem ModelFailed = new(500, """
        {"error":{"message":"The server had an error while processing your request. Sorry about that! You can retry your request, or contact us through an Azure support request at: https://go.microsoft.com/fwlink/?linkid=2213926 if the error persists. (Please include the request ID 00000000-0000-0000-0000-000000000000 in your message.)","type":"server_error","param":null,"code":null}}
        """);

    public static readonly Problem Unavailable = new(503, """
        {"error":{"code":"ServiceUnavailable","message":"The service is temporarily unable to process your request. Please try again later."}}
        """);

    // No sample of Azure OpenAI's own 424 is known; this is the shape of its other errors.
    public static readonly Problem FailedDependency = new(424, """{"error":{"code":"424","message":"Failed Dependency"}}""");

    public static readonly Problem NoCapacity = new(429, """
        {"error":{"code":"no_capacity","message":"The system is currently experiencing high demand and cannot process your request. Your request exceeds the maximum usage size allowed during peak load. For improved capacity reliability, consider switching to Provisioned Throughput.","type":"too_many_requests","param":null}}
        """);

    public static readonly Problem ContentFilter = new(400,
        """{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI’s content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":"""
        + FilterResults.BlockedPrompt + "}}}");

    public static Problem OperationNotSupported(Operation operation, Model model) => new(400,
        $$$"""{"error":{"code":"OperationNotSupported","message":"The {{{operation.ModelName}}} operation does not work with the specified model, {{{model.Name}}}. Please choose different model and try again. You can learn more about which models can be used with each operation here: https://go.microsoft.com/fwlink/?linkid=2197993."}}""");

    public static Problem ModelNeedsNewerVersion(Model model) => new(400,
        $$$"""{"error":{"code":"BadRequest","message":"Model {{{model.Name}}} is enabled only for api versions 2024-12-01-preview and later"}}""");

    // As reported in https://github.com/openai/openai-python/issues/2296.
    public static Problem NotBesideData(string field) => new(400,
        $$$"""{"error":{"requestid":"{{{Guid.NewGuid()}}}","code":400,"message":"Validation error at #/{{{field}}}: Extra inputs are not permitted"}}""");

    public static Problem GatewayFailed(int status = 500) => new(status,
        $$$"""{ "statusCode": {{{status}}}, "message": "Internal server error", "activityId": "{{{Guid.NewGuid()}}}" }""");

    public static Problem RateLimited(Operation operation, string apiVersion, Exceeded exceeded, TimeSpan tokensReset, TimeSpan requestsReset)
    {
        var wait = exceeded == Exceeded.Tokens ? tokensReset : requestsReset;
        var seconds = WholeSeconds(wait);
        var what = exceeded == Exceeded.Tokens ? "token" : "call";
        return new(429,
            $$$"""{"error":{"code":"429","message":"Requests to the {{{operation.LimitName}}} Operation under Azure OpenAI API version {{{apiVersion}}} have exceeded {{{what}}} rate limit of your current OpenAI S0 pricing tier. Please retry after {{{seconds}}} seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit."}}""")
        {
            Headers =
            [
                new("retry-after", seconds.ToString()),
                new("retry-after-ms", ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString()),
                new("x-ratelimit-reset-requests", WholeSeconds(requestsReset).ToString()),
                new("x-ratelimit-reset-tokens", WholeSeconds(tokensReset).ToString()),
            ],
        };
    }

    private static long WholeSeconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalSeconds));
}
