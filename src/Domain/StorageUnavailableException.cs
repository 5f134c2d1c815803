namespace OpenAIProxy.Domain;

/// <summary>What had to be kept could not be: the disk is full, the database is locked, or it is gone. Trying later may help.</summary>
public sealed class StorageUnavailableException(string message, Exception inner) : Exception(message, inner);
