using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>chat/completions, and the extension of 2023 for one's own data.</summary>
internal static class ChatOperation
{
    public static async Task AnswerAsync(Call call)
    {
        var request = ChatRequest.Read(call);
        // Billed from here on, also when the filter refuses.
        call.Entry.PromptTokens = request.PromptTokens;
        if (request.Messages.Text.Contains(Triggers.FilterPrompt, StringComparison.Ordinal))
            throw new RefusedException(AzureProblems.ContentFilter);
        if (request.IsStream)
        {
            await ChatStream.SendAsync(call, request);
            return;
        }

        await call.Outlet.OpenBodyAsync();
        var choices = ChatComposer.Compose(request, call.Model);
        await call.GenerateAsync([.. choices.Select(choice => choice.Tokens)]);
        await call.Outlet.SendBodyAsync(ChatBody.Write(call, request, choices));
    }
}
