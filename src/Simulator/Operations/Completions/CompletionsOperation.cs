using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations.Completions;

internal static class CompletionsOperation
{
    public static async Task AnswerAsync(Call call)
    {
        var request = CompletionsRequest.Read(call);
        call.Entry.PromptTokens = request.PromptTokens;
        if (request.Prompts.Any(prompt => prompt.Text.Contains(Triggers.FilterPrompt, StringComparison.Ordinal)))
            throw new RefusedException(AzureProblems.ContentFilter);
        if (request.IsStream)
        {
            await SendStreamAsync(call, request);
            return;
        }

        await call.Outlet.OpenBodyAsync();
        var all = Compose(request, request.BestOf);
        await call.GenerateAsync([.. all.Select(choice => choice.Tokens)]);
        await call.Outlet.SendBodyAsync(CompletionsBody.Write(call, request, all));
    }

    private static async Task SendStreamAsync(Call call, CompletionsRequest request)
    {
        await call.Pace.FirstTokenAsync(call.Cancellation);
        await call.Outlet.OpenStreamAsync();
        var choices = Compose(request, request.Choices);
        var usage = Usage.Of(request.PromptTokens, choices).Under(call.Outlet.FaultKind);
        using var chunks = new CompletionsChunks(call, request, usage);
        if (!await call.Outlet.SendEventAsync(chunks.Prompts()))
            return;
        if (!await Recital.PlayAsync(call, choices, SendAsync))
            return;
        if (request.StreamOptions.IncludesUsage && !await UsageChunks.SendAsync(call.Outlet, chunks.Usage()))
            return;
        await call.Outlet.SendDoneAsync();

        // There is no role to begin with; a start is sent for its echo only.
        ValueTask<bool> SendAsync(Choice choice, Emission emission) =>
            emission.Kind == EmissionKind.Start && !request.Echo ? new(true) : call.Outlet.SendEventAsync(chunks.Of(choice, emission));
    }

    /// <summary>Choices are numbered through all prompts; of the best of several the first are sent.</summary>
    private static List<Choice> Compose(CompletionsRequest request, int perPrompt)
    {
        var choices = new List<Choice>();
        foreach (var prompt in request.Prompts)
        {
            for (var candidate = 0; candidate < perPrompt; candidate++)
            {
                var text = "\n\n" + Author.Write(prompt.Text, prompt.Text, request.Seed, candidate);
                var isFiltered = prompt.Text.Contains(Triggers.FilterOutput, StringComparison.Ordinal);
                var (cut, reason, tokens) = Cutter.Cut(text, request.Stops, request.MostTokens, isFiltered);
                choices.Add(new(choices.Count, [new(SegmentKind.Content, cut)], reason, tokens));
            }
        }

        return choices;
    }
}
