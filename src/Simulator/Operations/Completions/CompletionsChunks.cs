using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Operations.Completions;

/// <summary>The chunks of one completions stream. What a method returns is valid until the next call.</summary>
internal sealed class CompletionsChunks(Call call, CompletionsRequest request, Usage usage) : IDisposable
{
    private readonly ChunkBuffer chunk = new();
    private readonly bool showsUsage = request.StreamOptions.IncludesUsage || call.ApiVersion.IsOfOldShape;
    private readonly Obfuscation obfuscation = new(request.StreamOptions.IncludesObfuscation, call.Entry.Id);
    private readonly string head =
        $$"""data: {"id":"{{AnswerId.Of("cmpl-", call.Entry.Id)}}","object":"text_completion","created":{{call.Now}},"model":"{{call.Model.Answers}}","choices":[""";

    public ReadOnlyMemory<byte> Prompts() => chunk.Start()
        .Raw("""data: {"id":"","object":"","created":0,"model":"",""").Raw(call.ApiVersion.IsOfOldShape ? "\"prompt_annotations\":"u8 : "\"prompt_filter_results\":"u8)
        .Raw(CompletionsBody.PromptResults(request.Prompts.Count, call)).Raw(showsUsage ? ",\"choices\":[],\"usage\":null}\n\n"u8 : ",\"choices\":[]}\n\n"u8).Written;

    public ReadOnlyMemory<byte> Of(Choice choice, Emission emission)
    {
        chunk.Start().Raw(head).Raw("{\"text\":"u8)
            .Text(emission.Kind == EmissionKind.Start ? request.Prompts[choice.Index / request.Choices].Text : emission.Text.Span)
            .Raw(",\"index\":"u8).Number(choice.Index).Raw(",\"finish_reason\":"u8);
        if (emission.Kind == EmissionKind.Finish)
            chunk.Text(choice.FinishReason);
        else
            chunk.Raw("null"u8);
        chunk.Raw(",\"logprobs\":null,\"content_filter_results\":"u8).Raw(Filter(choice, emission)).Raw("}]"u8);
        if (emission.Kind == EmissionKind.Finish && request.StreamOptions.IncludesUsage && call.Outlet.FaultKind == FaultKind.UsageWithChoices)
            chunk.Raw(",\"usage\":"u8).Usage(usage, call.ApiVersion);
        else if (showsUsage)
            chunk.Raw(",\"usage\":null"u8);
        obfuscation.Append(chunk);
        return chunk.Raw("}\n\n"u8).Written;
    }

    public ReadOnlyMemory<byte> Usage() => chunk.Start().Raw(head).Raw("],\"usage\":"u8).Usage(usage, call.ApiVersion).Raw("}\n\n"u8).Written;

    public void Dispose() => chunk.Dispose();

    private static string Filter(Choice choice, Emission emission) => emission.Kind switch
    {
        EmissionKind.Piece => FilterResults.Safe,
        EmissionKind.Finish when choice.IsFiltered => FilterResults.Blocked,
        _ => "{}",
    };
}
