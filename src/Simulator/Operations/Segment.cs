namespace OpenAIProxy.Simulator.Operations;

internal enum SegmentKind
{
    Content,
    ToolCall,
    FunctionCall,
}

/// <summary>A part of a choice: text, or a call with its arguments as text.</summary>
/// <param name="Name">Of the function called.</param>
/// <param name="NameTokens">Generated with the name, before the text.</param>
internal sealed record Segment(SegmentKind Kind, string Text, string? Name = null, int NameTokens = 0, string? CallId = null, int CallIndex = 0);
