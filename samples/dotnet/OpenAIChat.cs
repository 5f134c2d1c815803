// dotnet new console; dotnet add package OpenAI --version 2.15.0; this file in place of Program.cs
using System.ClientModel;
using OpenAI;

namespace OpenAIProxy.Samples;

internal static class OpenAIChat
{
    public static Task Main() => RunAsync(Environment.GetEnvironmentVariable("PROXY_URL") ?? "http://127.0.0.1:8080", Console.Out);

    public static async Task RunAsync(string proxy, TextWriter output)
    {
        var client = new OpenAIClient(new ApiKeyCredential("hackathon/your-name"), new OpenAIClientOptions { Endpoint = new Uri($"{proxy}/v1") });

        await foreach (var update in client.GetChatClient("gpt-4o").CompleteChatStreamingAsync("Write a poem about indian elephants"))
            foreach (var part in update.ContentUpdate)
                await output.WriteAsync(part.Text);
    }
}
