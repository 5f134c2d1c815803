namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>What a search in the caller's data found, in the shapes of the extension of 2023, and of chat itself since.</summary>
internal static class ExtensionTool
{
    public const string Content = """{"citations": [], "intent": "[]"}""";

    // https://learn.microsoft.com/azure/ai-services/openai/references/on-your-data: beside the content of the message, or of a stream's first delta.
    public const string Context = """
        {"citations":[{"content":"The elephants of the park were counted on foot, from the air and by what they left behind; the three counts do not agree, and this citation is as long as it is because those of a search are: some hundred words each.","title":"Counting elephants","url":null,"filepath":"elephants.txt","chunk_id":"0"}],"intent":"[\"a poem about elephants\"]"}
        """;
}
