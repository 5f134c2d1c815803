namespace OpenAIProxy.Gateway.Refusals;

/// <summary>
/// Thrown past Kestrel on purpose when an answer breaks off after its first byte: Kestrel then sends what was written and
/// closes the connection without the mark of a proper end, so that every client notices.
/// </summary>
internal sealed class AnswerCutShortException() : Exception("An answer broke off after its first byte.");
