using System.Runtime.CompilerServices;

namespace OpenAIProxy.Gateway.Operations;

/// <summary>The fields of a body that the gateway reads; all others pass through unread.</summary>
internal enum Field
{
    Other,

    // Those that it may change as well.
    StreamOptions,
    MaxTokens,
    MaxCompletionTokens,
    Stop,
    StopSequence,

    Model,
    Stream,
    N,
    BestOf,
    Messages,
    Prompt,
    Input,
    Tools,
}

/// <summary>Which of them are there, and where those stand that the gateway may change: every request carries one of these, so it has no room for more.</summary>
internal struct FieldTable
{
    private const Field LastChanged = Field.StopSequence;

    private uint present;
    private Places places;

    /// <param name="field">One that the gateway may change.</param>
    public readonly JsonField this[Field field] => places[(int)field];

    public readonly bool Has(Field field) => (present & (1u << (int)field)) != 0;

    public void Add(Field field, in JsonField place)
    {
        present |= 1u << (int)field;
        if (field <= LastChanged)
            places[(int)field] = place;
    }

    /// <param name="start">Where the name of the field after it begins.</param>
    public void SetNext(Field field, int start)
    {
        if (field <= LastChanged)
            places[(int)field] = places[(int)field] with { NextStart = start };
    }

    [InlineArray((int)LastChanged + 1)]
    private struct Places
    {
        private JsonField first;
    }
}
