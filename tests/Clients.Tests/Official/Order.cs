namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>What a test tells a client to do.</summary>
/// <param name="Action">chat, stream, tools, complete, embed or cancel.</param>
/// <param name="IsAzure">Whether the endpoint is one of Azure's kind.</param>
/// <param name="Endpoint">As the user of the client would type it.</param>
internal sealed record Order(string Action, bool IsAzure, string Endpoint, string Credential, string Model, string Prompt)
{
    /// <summary>What a chat may call; the simulator does if the prompt has its name.</summary>
    public const string Tool = "get_weather";

    /// <summary>The tool's parameters as a JSON schema.</summary>
    public const string ToolParameters = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    /// <summary>How many pieces of a stream a client has seen when it cancels.</summary>
    public const int Enough = 2;
}
