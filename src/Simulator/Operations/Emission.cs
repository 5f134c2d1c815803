namespace OpenAIProxy.Simulator.Operations;

internal enum EmissionKind
{
    /// <summary>The role; no token.</summary>
    Start,

    /// <summary>Tokens that nobody sees: reasoning, and what was rejected of a prediction.</summary>
    Hidden,

    /// <summary>The name of a function that is called.</summary>
    CallStart,

    /// <summary>One token of text or of arguments.</summary>
    Piece,

    Finish,
}

/// <summary>One step of a choice as it is streamed.</summary>
internal readonly record struct Emission(EmissionKind Kind, Segment? Segment, ReadOnlyMemory<char> Text, int Tokens);
