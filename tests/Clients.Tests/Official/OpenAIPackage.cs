using System.ClientModel;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>NuGet <c>OpenAI</c>.</summary>
internal sealed class OpenAIPackage : DotNetProgram
{
    protected override Task DoAsync(Order order, Seen seen)
    {
        var client = new OpenAIClient(new ApiKeyCredential(order.Credential), new OpenAIClientOptions { Endpoint = new Uri(order.Endpoint) });
        var chat = client.GetChatClient(order.Model);
        return order.Action switch
        {
            "chat" => ChatAsync(chat, order, seen),
            "stream" => StreamAsync(chat, order, seen),
            "tools" => CallToolAsync(chat, order, seen),
            "embed" => EmbedAsync(client, order, seen),
            "cancel" => CancelAsync(chat, order, seen),
            var other => throw new NotSupportedException(other),
        };
    }

    protected override int? StatusOf(Exception error) => (error as ClientResultException)?.Status;

    private static async Task ChatAsync(ChatClient chat, Order order, Seen seen)
    {
        var answer = (await chat.CompleteChatAsync(order.Prompt)).Value;
        seen.Text = answer.Content[0].Text;
        seen.Tokens = answer.Usage.TotalTokenCount;
    }

    private static async Task StreamAsync(ChatClient chat, Order order, Seen seen)
    {
        await foreach (var update in chat.CompleteChatStreamingAsync(order.Prompt))
        {
            seen.Chunks++;
            seen.Text += string.Concat(update.ContentUpdate.Select(part => part.Text));
        }
    }

    private static async Task CallToolAsync(ChatClient chat, Order order, Seen seen)
    {
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool(Order.Tool, null, BinaryData.FromString(Order.ToolParameters)) } };
        var call = (await chat.CompleteChatAsync([new UserChatMessage(order.Prompt)], options)).Value.ToolCalls[0];
        seen.Tool = new ToolCall(call.FunctionName, JsonElement.Parse(call.FunctionArguments.ToString()));
    }

    private static async Task EmbedAsync(OpenAIClient client, Order order, Seen seen) =>
        seen.Vector = (await client.GetEmbeddingClient(order.Model).GenerateEmbeddingAsync(order.Prompt)).Value.ToFloats().ToArray();

    private static async Task CancelAsync(ChatClient chat, Order order, Seen seen)
    {
        using var cancelling = new CancellationTokenSource();
        await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage(order.Prompt)], cancellationToken: cancelling.Token))
        {
            if (update.ContentUpdate.Count > 0 && ++seen.Chunks == Order.Enough)
                await cancelling.CancelAsync();
        }
    }
}
