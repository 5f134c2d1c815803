namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>A chat answer as events: filter results, role, tokens, finish, usage if asked for, [DONE].</summary>
internal static class ChatStream
{
    public static async Task SendAsync(Call call, ChatRequest request)
    {
        await call.Pace.FirstTokenAsync(call.Cancellation);
        await call.Outlet.OpenStreamAsync();
        var choices = ChatComposer.Compose(request, call.Model);
        var usage = Usage.Of(request.PromptTokens, choices);
        using var chunks = new ChatChunks(call, request, usage.Under(call.Outlet.FaultKind));
        var filter = new AsyncFilter(call, chunks, choices.Length, request.Messages.Text.Length);
        if (!await call.Outlet.SendEventAsync(chunks.Prompt()))
            return;
        if (!await Recital.PlayAsync(call, choices, Send))
            return;
        if (request.StreamOptions.IncludesUsage && !await UsageChunks.SendAsync(call.Outlet, chunks.Usage()))
            return;
        await call.Outlet.SendDoneAsync();

        ValueTask<bool> Send(Choice choice, Emission emission) =>
            chunks.Skips(emission) ? new(true)
            : AsyncFilter.IsOn(call) ? filter.SendAsync(choice, emission)
            : call.Outlet.SendEventAsync(chunks.Of(choice, emission));
    }
}
