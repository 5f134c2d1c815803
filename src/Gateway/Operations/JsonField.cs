namespace OpenAIProxy.Gateway.Operations;

/// <summary>Where a field of a JSON object stands, in bytes from the start of the body.</summary>
/// <param name="IsNull">Whether its value is <c>null</c>, which is as good as absent, but takes up the name.</param>
/// <param name="Index">How many fields stand before it.</param>
/// <param name="PreviousEnd">Where the value before it ends; for the first field, where the object begins.</param>
internal readonly record struct JsonField(bool IsNull, int Index, int PreviousEnd, int NameStart, int NameEnd, int ValueStart, int ValueEnd)
{
    public bool IsPresent => ValueEnd != 0;

    public bool HasValue => IsPresent && !IsNull;

    /// <summary>Where the name after it begins; 0 for the last field.</summary>
    public int NextStart { get; init; }
}
