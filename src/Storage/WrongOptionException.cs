namespace OpenAIProxy.Storage;

/// <summary>What storage was told cannot be: not a matter of the machine or of the files, but of who set it.</summary>
public sealed class WrongOptionException(string message) : StorageException(message);
