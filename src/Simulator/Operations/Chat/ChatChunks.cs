using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>The chunks of one chat stream, in the shape of its version. What a method returns is valid until the next call.</summary>
internal sealed class ChatChunks(Call call, ChatRequest request, Usage usage) : IDisposable
{
    private readonly ChunkBuffer chunk = new();
    private readonly bool isOld = call.ApiVersion.IsOfOldShape;
    private readonly bool isExtension = call.Operation.IsExtension;
    private readonly bool includesUsage = request.StreamOptions.IncludesUsage;
    private readonly bool isFilteredLater = AsyncFilter.IsOn(call);
    private readonly Obfuscation obfuscation = new(request.StreamOptions.IncludesObfuscation, call.Entry.Id);
    private readonly Envelope envelope = Envelope.Of(
        call, AnswerId.Of("chatcmpl-", call.Entry.Id), call.Operation.IsExtension ? "extensions.chat.completion.chunk" : "chat.completion.chunk");

    public ReadOnlyMemory<byte> Prompt() => (isOld
        ? chunk.Start().Raw("""data: {"id":"","object":"","created":0,"model":"","prompt_annotations":[{"prompt_index":0,"content_filter_results":""")
            .Raw(FilterResults.Safe).Raw("""}],"choices":[],"usage":null}"""u8)
        : chunk.Start().Raw("""data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":""")
            .Raw(FilterResults.SafePrompt).Raw(includesUsage ? "}],\"usage\":null}"u8 : "}]}"u8)).Raw("\n\n"u8).Written;

    public ReadOnlyMemory<byte> Of(Choice choice, Emission emission)
    {
        chunk.Start().Raw(envelope.Head).Raw("{"u8);
        if (isExtension)
            Extended(choice, emission);
        else if (isOld)
            Old(choice, emission);
        else
            New(choice, emission);
        chunk.Raw("}"u8).Raw(envelope.Tail);
        if (emission.Kind == EmissionKind.Finish && includesUsage && call.Outlet.FaultKind == FaultKind.UsageWithChoices)
            chunk.Raw(",\"usage\":"u8).Usage(usage, call.ApiVersion);
        else if (isOld || includesUsage)
            chunk.Raw(",\"usage\":null"u8);
        obfuscation.Append(chunk);
        return chunk.Raw("}\n\n"u8).Written;
    }

    /// <summary>Whether there is no chunk for it.</summary>
    public bool Skips(Emission emission) => isOld && emission is { Kind: EmissionKind.Start, Segment.Kind: SegmentKind.FunctionCall };

    public ReadOnlyMemory<byte> Usage() =>
        chunk.Start().Raw(envelope.Head).Raw(envelope.Tail).Raw(",\"usage\":"u8).Usage(usage, call.ApiVersion).Raw("}\n\n"u8).Written;

    /// <summary>What the filter has to say of a text that was sent before: no delta, no id, and where the text is.</summary>
    /// <param name="results">As raw JSON.</param>
    public ReadOnlyMemory<byte> Annotation(int index, int start, int end, string results, bool isBlocked) => chunk.Start()
        .Raw("data: {\"choices\":[{\"content_filter_offsets\":{\"check_offset\":"u8).Number(start).Raw(",\"start_offset\":"u8).Number(start)
        .Raw(",\"end_offset\":"u8).Number(end).Raw("},\"content_filter_results\":"u8).Raw(results)
        .Raw(isBlocked ? ",\"finish_reason\":\"content_filter\",\"index\":"u8 : ",\"finish_reason\":null,\"index\":"u8).Number(index)
        .Raw("}],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\""u8).Raw(includesUsage ? ",\"usage\":null}\n\n"u8 : "}\n\n"u8).Written;

    public void Dispose() => chunk.Dispose();

    private void New(Choice choice, Emission emission)
    {
        if (!isFilteredLater)
            chunk.Raw("\"content_filter_results\":"u8).Raw(Filter(choice, emission)).Raw(","u8);
        chunk.Raw("\"delta\":{"u8);
        switch (emission)
        {
            case { Kind: EmissionKind.Start }:
                chunk.Raw(emission.Segment?.Kind is null or SegmentKind.Content ? "\"content\":\"\""u8 : "\"content\":null"u8)
                    .Raw(",\"refusal\":null,\"role\":\"assistant\""u8);
                if (request.SearchesData)
                    chunk.Raw(",\"context\":"u8).Raw(ExtensionTool.Context);
                break;
            case { Kind: EmissionKind.CallStart, Segment: { Kind: SegmentKind.ToolCall } tool }:
                chunk.Raw("\"tool_calls\":[{\"function\":{\"arguments\":\"\",\"name\":"u8).Text(tool.Name).Raw("},\"id\":"u8).Text(tool.CallId)
                    .Raw(",\"index\":"u8).Number(tool.CallIndex).Raw(",\"type\":\"function\"}]"u8);
                break;
            case { Kind: EmissionKind.CallStart, Segment: { } function }:
                chunk.Raw("\"function_call\":{\"arguments\":\"\",\"name\":"u8).Text(function.Name).Raw("}"u8);
                break;
            case { Kind: EmissionKind.Piece }:
                Piece(emission);
                break;
        }

        chunk.Raw("},\"finish_reason\":"u8);
        FinishReason(choice, emission);
        chunk.Raw(",\"index\":"u8).Number(choice.Index).Raw(",\"logprobs\":null"u8);
    }

    // The role and the name of a function come together, unlike later: see Skips.
    private void Old(Choice choice, Emission emission)
    {
        chunk.Raw("\"index\":"u8).Number(choice.Index).Raw(",\"finish_reason\":"u8);
        FinishReason(choice, emission);
        chunk.Raw(",\"delta\":{"u8);
        switch (emission)
        {
            case { Kind: EmissionKind.Start }:
                chunk.Raw("\"role\":\"assistant\""u8);
                break;
            case { Kind: EmissionKind.CallStart, Segment: { Kind: SegmentKind.ToolCall } tool }:
                chunk.Raw("\"tool_calls\":[{\"index\":"u8).Number(tool.CallIndex).Raw(",\"id\":"u8).Text(tool.CallId)
                    .Raw(",\"type\":\"function\",\"function\":{\"name\":"u8).Text(tool.Name).Raw(",\"arguments\":\"\"}}]"u8);
                break;
            case { Kind: EmissionKind.CallStart, Segment: { } function }:
                chunk.Raw("\"role\":\"assistant\",\"function_call\":{\"name\":"u8).Text(function.Name).Raw("}"u8);
                break;
            case { Kind: EmissionKind.Piece }:
                Piece(emission);
                break;
        }

        chunk.Raw("},\"content_filter_results\":"u8).Raw(Filter(choice, emission));
    }

    private void Extended(Choice choice, Emission emission)
    {
        chunk.Raw("\"index\":"u8).Number(choice.Index).Raw(",\"finish_reason\":"u8);
        FinishReason(choice, emission);
        chunk.Raw(",\"messages\":[{\"index\":"u8).Number(emission.Kind == EmissionKind.Start ? 0 : 1).Raw(",\"delta\":{"u8);
        if (emission.Kind == EmissionKind.Start)
            chunk.Raw("\"role\":\"tool\",\"content\":"u8).Text(ExtensionTool.Content);
        else if (emission.Kind == EmissionKind.Piece)
            chunk.Raw("\"content\":"u8).Text(emission.Text.Span);
        chunk.Raw(emission.Kind == EmissionKind.Finish ? "},\"end_turn\":true}]"u8 : "},\"end_turn\":false}]"u8);
    }

    private void Piece(Emission emission)
    {
        var text = emission.Text.Span;
        _ = emission.Segment!.Kind switch
        {
            SegmentKind.Content => chunk.Raw("\"content\":"u8).Text(text),
            SegmentKind.FunctionCall => chunk.Raw("\"function_call\":{\"arguments\":"u8).Text(text).Raw("}"u8),
            _ => chunk.Raw("\"tool_calls\":[{\"function\":{\"arguments\":"u8).Text(text).Raw("},\"index\":"u8).Number(emission.Segment.CallIndex).Raw("}]"u8),
        };
    }

    private void FinishReason(Choice choice, Emission emission)
    {
        if (emission.Kind == EmissionKind.Finish)
            chunk.Text(choice.FinishReason);
        else
            chunk.Raw("null"u8);
    }

    private static string Filter(Choice choice, Emission emission) => emission.Kind switch
    {
        EmissionKind.Piece when emission.Segment!.Kind == SegmentKind.Content => FilterResults.Safe,
        EmissionKind.Finish when choice.IsFiltered => FilterResults.Blocked,
        _ => "{}",
    };
}
