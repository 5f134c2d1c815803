// dotnet new console; dotnet add package Azure.AI.OpenAI --version 1.0.0-beta.6; this file in place of Program.cs
using Azure;
using Azure.AI.OpenAI;

namespace OpenAIProxy.Samples;

internal static class AzureChat
{
    public static Task Main() => RunAsync(Environment.GetEnvironmentVariable("PROXY_URL") ?? "http://127.0.0.1:8080", Console.Out);

    public static async Task RunAsync(string proxy, TextWriter output)
    {
        var client = new OpenAIClient(new Uri(proxy), new AzureKeyCredential("hackathon/your-name"));

        var question = new ChatCompletionsOptions([new ChatMessage(ChatRole.User, "Write a poem about indian elephants")]);
        var answer = await client.GetChatCompletionsAsync("gpt-4o", question);
        await output.WriteLineAsync(answer.Value.Choices[0].Message.Content);
    }
}
