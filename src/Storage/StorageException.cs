namespace OpenAIProxy.Storage;

/// <summary>Storage cannot start. The message is one line for the operator: what is wrong and what to do about it.</summary>
public class StorageException(string message, Exception? inner = null) : Exception(message, inner);
