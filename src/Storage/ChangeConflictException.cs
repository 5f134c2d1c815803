namespace OpenAIProxy.Storage;

/// <summary>What was to be changed has been changed by somebody else since it was read; nothing was written.</summary>
public sealed class ChangeConflictException(string kind, string name, long expected, long actual)
    : Exception($"The {kind} '{name}' was changed meanwhile (version {actual}, not {expected}): read it again.")
{
    internal static void ThrowIfDifferent(string kind, string name, long? expected, long? actual)
    {
        if (expected is not { } version || version == actual)
            return;
        throw actual is { } other
            ? new ChangeConflictException(kind, name, version, other)
            : new ChangeRefusedException(WhyRefused.Missing, "Name", $"there is no {kind} '{name}'.");
    }
}
