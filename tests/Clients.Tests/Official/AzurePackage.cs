using System.Text.Json;
using Azure;
using Azure.AI.OpenAI;

namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>NuGet <c>Azure.AI.OpenAI</c> as it was in 2023: functions, no tools yet.</summary>
internal sealed class AzurePackage : DotNetProgram
{
    protected override Task DoAsync(Order order, Seen seen)
    {
        var client = new OpenAIClient(new Uri(order.Endpoint), new AzureKeyCredential(order.Credential));
        return order.Action switch
        {
            "chat" => ChatAsync(client, order, seen),
            "stream" => StreamAsync(client, order, seen),
            "tools" => CallFunctionAsync(client, order, seen),
            "complete" => CompleteAsync(client, order, seen),
            "embed" => EmbedAsync(client, order, seen),
            "cancel" => CancelAsync(client, order, seen),
            var other => throw new NotSupportedException(other),
        };
    }

    protected override int? StatusOf(Exception error) => (error as RequestFailedException)?.Status;

    protected override string? CodeOf(Exception error) => (error as RequestFailedException)?.ErrorCode;

    private static ChatCompletionsOptions Question(Order order) => new([new ChatMessage(ChatRole.User, order.Prompt)]);

    private static async Task ChatAsync(OpenAIClient client, Order order, Seen seen)
    {
        var answer = (await client.GetChatCompletionsAsync(order.Model, Question(order))).Value;
        seen.Text = answer.Choices[0].Message.Content;
        seen.Tokens = answer.Usage.TotalTokens;
    }

    private static async Task StreamAsync(OpenAIClient client, Order order, Seen seen)
    {
        using var stream = (await client.GetChatCompletionsStreamingAsync(order.Model, Question(order))).Value;
        await foreach (var choice in stream.GetChoicesStreaming())
        {
            await foreach (var message in choice.GetMessageStreaming())
            {
                seen.Chunks++;
                seen.Text += message.Content;
            }
        }
    }

    private static async Task CallFunctionAsync(OpenAIClient client, Order order, Seen seen)
    {
        var options = Question(order);
        options.Functions.Add(new FunctionDefinition(Order.Tool) { Parameters = BinaryData.FromString(Order.ToolParameters) });
        var call = (await client.GetChatCompletionsAsync(order.Model, options)).Value.Choices[0].Message.FunctionCall;
        seen.Tool = new ToolCall(call.Name, JsonElement.Parse(call.Arguments));
    }

    private static async Task CompleteAsync(OpenAIClient client, Order order, Seen seen) =>
        seen.Text = (await client.GetCompletionsAsync(order.Model, order.Prompt)).Value.Choices[0].Text;

    private static async Task EmbedAsync(OpenAIClient client, Order order, Seen seen) =>
        seen.Vector = (await client.GetEmbeddingsAsync(order.Model, new EmbeddingsOptions(order.Prompt))).Value.Data[0].Embedding;

    // By disposing of the stream, not by a token: those of the package's waits that are over are told of it too, and throw inside Cancel.
    private static async Task CancelAsync(OpenAIClient client, Order order, Seen seen)
    {
        using var stream = (await client.GetChatCompletionsStreamingAsync(order.Model, Question(order))).Value;
        await foreach (var choice in stream.GetChoicesStreaming())
        {
            await foreach (var message in choice.GetMessageStreaming())
            {
                if (message.Content is { Length: > 0 } && ++seen.Chunks == Order.Enough)
                    return;
            }
        }
    }
}
