namespace OpenAIProxy.Storage;

/// <summary>A change that makes no sense or may not be; nothing was written. The message is for the person who asked for it.</summary>
public sealed class ChangeRefusedException : Exception
{
    /// <param name="field">Which property of the definition is wrong.</param>
    /// <param name="reason">A sentence: what is wrong and what would do.</param>
    public ChangeRefusedException(string field, string reason)
        : this(WhyRefused.Invalid, field, reason)
    {
    }

    public ChangeRefusedException(WhyRefused kind, string field, string reason)
        : this(kind, [new FieldError(field, reason)])
    {
    }

    /// <param name="errors">At least one.</param>
    public ChangeRefusedException(IReadOnlyList<FieldError> errors)
        : this(WhyRefused.Invalid, errors)
    {
    }

    /// <param name="errors">At least one.</param>
    public ChangeRefusedException(WhyRefused kind, IReadOnlyList<FieldError> errors)
        : base(string.Join(" ", errors.Select(e => $"{e.Field}: {e.Reason}")))
    {
        Kind = kind;
        Errors = errors;
    }

    public WhyRefused Kind { get; }

    /// <summary>All that is wrong, in the order of the definition's properties.</summary>
    public IReadOnlyList<FieldError> Errors { get; }
}
