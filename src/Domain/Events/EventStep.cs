using System.Diagnostics.CodeAnalysis;

namespace OpenAIProxy.Domain.Events;

/// <summary>A step in an event's life: where it leads, or why it cannot be made.</summary>
public readonly record struct EventStep
{
    internal EventStep(EventLife? next, string? refusal)
    {
        Next = next;
        Refusal = refusal;
    }

    public EventLife? Next { get; }

    /// <summary>A sentence that begins after the event's name: what is in the way and what would do.</summary>
    public string? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Next))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAllowed => Next is not null;

    public static implicit operator EventStep(EventLife next) => FromEventLife(next);

    public static EventStep FromEventLife(EventLife next) => new(next, null);
}
