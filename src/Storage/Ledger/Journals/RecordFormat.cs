namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>
/// How records lie in a file, all numbers little-endian: length of the payload (4 bytes), kind (1), sequence (8), payload,
/// and the CRC-32C of all of that (4).
/// </summary>
internal static class RecordFormat
{
    public const int HeadLength = sizeof(int) + sizeof(byte) + sizeof(long);
    public const int ChecksumLength = sizeof(uint);

    /// <summary>Longer than any record can be: texts in it are names, which have at most a few hundred characters.</summary>
    public const int LongestPayload = 4_096;

    /// <summary>A flag in the first byte of a reservation: a price follows.</summary>
    public const byte HasPrice = 1;
}
