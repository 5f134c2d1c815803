namespace OpenAIProxy.Simulator.Control;

/// <summary>Something a test has sent that cannot be read.</summary>
#pragma warning disable CA1032, RCS1194 // Always made with a field.
internal sealed class WrongFieldException(string field, string reason) : Exception(field.Length == 0 ? reason : $"{field}: {reason}")
#pragma warning restore CA1032, RCS1194
{
    public string Field { get; } = field;
}
