using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>The clients that are tried, and what each of them is known to do. The tests hold them to it; the table is written from it.</summary>
internal static class OfficialClients
{
    // Each kind of credential at one of the two endpoints.
    private static readonly ClientEndpoint[] OpenAI = [new("/v1", IsAzure: false, HasKey: false), new("/api/v1", IsAzure: false, HasKey: true)];
    private static readonly ClientEndpoint[] Azure = [new("", IsAzure: true, HasKey: true), new("/api/v1", IsAzure: true, HasKey: false)];
    private static readonly ClientEndpoint EventSurface = new("/api/v1", IsAzure: false, HasKey: false);

    // Seven tries with its own pauses between them, which double from a second on, take one to two minutes.
    private static readonly Func<IClientProgram> HurriedLangChain = () => ScriptProgram.Node("langchain.mjs", "--import", Repository.PathOf("tests/Clients.Tests/Node/hurry.mjs"));

    private const string OnlyHttp = "a library for HTTP does not try again by itself; the refusal with `Retry-After` reaches the program";
    private const string LeftToProgram = "as `openai` 0.28, it leaves trying again to the program";
    private const string Functions = "the older `functions`";

    public static readonly IReadOnlyList<OfficialClient> All =
    [
        new("NuGet `OpenAI`", () => new OpenAIPackage())
        {
            Endpoints = OpenAI,
            WrongKey = "ClientResultException",
            EventOver = "ClientResultException",
            LimitStays = "ClientResultException",
            Tries = 4,
            BrokenStream = "HttpIOException",
            Cancelled = "OperationCanceledException",
            Lacks = new Dictionary<Case, string> { [Case.Completions] = "the package has no client for completions" },
        },
        new("NuGet `Azure.AI.OpenAI`", () => new AzurePackage())
        {
            Endpoints = Azure,
            WrongKey = "RequestFailedException",
            EventOver = "RequestFailedException",
            LimitStays = "RequestFailedException",
            Tries = 4,
            // Seen against the simulator without the proxy too, for an error in the stream and for a connection that is reset.
            Lacks = new Dictionary<Case, string> { [Case.BrokenStream] = "its reader never learns that a stream has failed, on Azure itself neither, and waits for ever: put a limit around it with `WaitAsync`" },
            Notes = new Dictionary<Case, string> { [Case.Tools] = Functions, [Case.Cancellation] = "by disposing of the stream; a `CancellationToken` that it was given throws when it is cancelled" },
        },
        new("npm `openai`: `OpenAI`", () => ScriptProgram.Node("openai.mjs"))
        {
            Endpoints = OpenAI,
            WrongKey = "AuthenticationError",
            EventOver = "PermissionDeniedError",
            LimitStays = "RateLimitError",
            Tries = 3,
            BrokenStream = "APIError",
        },
        new("npm `openai`: `AzureOpenAI`", () => ScriptProgram.Node("openai.mjs"))
        {
            Endpoints = Azure,
            WrongKey = "AuthenticationError",
            EventOver = "PermissionDeniedError",
            LimitStays = "RateLimitError",
            Tries = 3,
            BrokenStream = "APIError",
        },
        new("npm `@langchain/openai`: `ChatOpenAI`", () => ScriptProgram.Node("langchain.mjs"))
        {
            Endpoints = OpenAI,
            WrongKey = "AuthenticationError",
            EventOver = "PermissionDeniedError",
            LimitStays = "RateLimitError",
            Tries = 7,
            Hurried = HurriedLangChain,
            BrokenStream = "APIError",
            Cancelled = "AbortError",
        },
        new("npm `@langchain/openai`: `AzureChatOpenAI`", () => ScriptProgram.Node("langchain.mjs"))
        {
            Endpoints = Azure,
            WrongKey = "AuthenticationError",
            EventOver = "PermissionDeniedError",
            LimitStays = "RateLimitError",
            Tries = 7,
            Hurried = HurriedLangChain,
            BrokenStream = "APIError",
            Cancelled = "AbortError",
        },
        new("npm `ai` with `@ai-sdk/openai`", () => ScriptProgram.Node("ai-sdk.mjs"))
        {
            Endpoints = OpenAI,
            WrongKey = "AI_APICallError",
            EventOver = "AI_APICallError",
            LimitStays = "AI_RetryError",
            Tries = 3,
            BrokenStream = "error part",
            Cancelled = "abort part",
        },
        new("npm `ai` with `@ai-sdk/azure`", () => ScriptProgram.Node("ai-sdk.mjs"))
        {
            Endpoints = Azure,
            WrongKey = "AI_APICallError",
            EventOver = "AI_APICallError",
            LimitStays = "AI_RetryError",
            Tries = 3,
            BrokenStream = "error part",
            Cancelled = "abort part",
        },
        new("Python `requests`", () => ScriptProgram.Python("with_requests.py"))
        {
            Endpoints = [EventSurface, Azure[0]],
            WrongKey = "HTTPError",
            EventOver = "HTTPError",
            LimitStays = "HTTPError",
            BrokenStream = "ChunkedEncodingError",
            LimitForNow = "HTTPError",
            Busy = "HTTPError",
            Notes = new Dictionary<Case, string> { [Case.Tools] = Functions, [Case.LimitForNow] = OnlyHttp, [Case.Busy] = OnlyHttp },
        },
        new("Python `httpx`", () => ScriptProgram.Python("with_httpx.py"))
        {
            Endpoints = [EventSurface, Azure[0]],
            WrongKey = "HTTPStatusError",
            EventOver = "HTTPStatusError",
            LimitStays = "HTTPStatusError",
            BrokenStream = "RemoteProtocolError",
            LimitForNow = "HTTPStatusError",
            Busy = "HTTPStatusError",
            Notes = new Dictionary<Case, string> { [Case.Tools] = Functions, [Case.LimitForNow] = OnlyHttp, [Case.Busy] = OnlyHttp },
        },
        new("Python `openai_proxy`", () => ScriptProgram.Python("with_openai_proxy.py"))
        {
            Endpoints = [new("", IsAzure: false, HasKey: false), OpenAI[1]],
            WrongKey = "AuthenticationError",
            EventOver = "PermissionError",
            LimitStays = "RateLimitError",
            BrokenStream = "APIError",
            LimitForNow = "RateLimitError",
            Busy = "ServiceUnavailableError",
            Notes = new Dictionary<Case, string> { [Case.Tools] = Functions, [Case.LimitForNow] = LeftToProgram, [Case.Busy] = LeftToProgram },
        },
    ];

    public static OfficialClient Named(string name) => All.Single(c => c.Name == name);
}
