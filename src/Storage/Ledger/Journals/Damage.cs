namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>Bytes of a journal file that are no whole record.</summary>
/// <param name="Offset">Where they begin.</param>
internal sealed record Damage(SegmentFile File, long Offset, byte[] Bytes)
{
    public bool IsSameAs(Damage other) => File == other.File && Offset == other.Offset && Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override string ToString() => $"{Bytes.Length} bytes at {Offset} of the journal '{File.Path}' are no whole record";
}
