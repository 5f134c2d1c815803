namespace OpenAIProxy.Storage;

/// <param name="Field">A property of what was given; in a document, the path to it.</param>
/// <param name="Reason">A sentence: what is wrong and what would do.</param>
public sealed record FieldError(string Field, string Reason);
