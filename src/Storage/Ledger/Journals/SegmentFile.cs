using System.Globalization;

namespace OpenAIProxy.Storage.Ledger.Journals;

/// <summary>The journal's files in a data directory: <c>ledger-000001.journal</c> and so on.</summary>
/// <param name="Number">From 1.</param>
internal readonly record struct SegmentFile(string Directory, int Number)
{
    private const string Prefix = "ledger-";
    private const string Suffix = ".journal";

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Number:D6}{Suffix}");

    public string Path => System.IO.Path.Combine(Directory, Name);

    /// <summary>Where damaged bytes of it are kept for whoever wants to look at them.</summary>
    public string DamagedPath => Path + ".damaged";

    public static bool IsName(string name) => NumberOf(name) is not null;

    /// <returns>In the order in which they were written.</returns>
    public static IReadOnlyList<SegmentFile> In(string directory) =>
    [
        .. System.IO.Directory.EnumerateFiles(directory, Prefix + "*" + Suffix)
            .Select(p => NumberOf(System.IO.Path.GetFileName(p)))
            .OfType<int>()
            .Order()
            .Select(n => new SegmentFile(directory, n)),
    ];

    /// <summary>From which sequence on the files in a directory have records; 0 where the first of them does not say, and <see cref="long.MaxValue"/> where there is none.</summary>
    public static long FirstSequenceIn(string directory)
    {
        var bytes = new byte[SegmentHeader.Length];
        foreach (var file in In(directory))
        {
            try
            {
                using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
                return SegmentHeader.Read(bytes.AsSpan(0, length), file.Path)?.FirstSequence ?? 0;
            }
            catch (FileNotFoundException)
            {
                // All of it is in the database by now: the next one is the first.
            }
        }
        return long.MaxValue;
    }

    private static int? NumberOf(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || !name.EndsWith(Suffix, StringComparison.Ordinal))
            return null;
        var digits = name.AsSpan(Prefix.Length, Math.Max(0, name.Length - Prefix.Length - Suffix.Length));
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
