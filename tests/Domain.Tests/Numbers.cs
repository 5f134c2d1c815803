using FsCheck;
using FsCheck.Fluent;

namespace OpenAIProxy.Domain.Tests;

/// <summary>Whole numbers where mistakes hide: small, of every size, and at the end of the range.</summary>
internal static class Numbers
{
    public static readonly Gen<long> Small = Gen.Choose(0, 12).Select(i => (long)i);

    public static readonly Gen<long> AtLeast0 = Gen.OneOf(
        Small,
        Gen.Choose(0, int.MaxValue).Select(i => (long)i),
        from digits in Gen.Choose(0, 62) from below in Gen.Choose(0, 1_000) select Math.Max((1L << digits) - below, 0),
        Gen.Choose(0, 1_000).Select(i => long.MaxValue - i));

    public static readonly Gen<long> AtLeast1 = AtLeast0.Select(i => Math.Max(i, 1));

    /// <summary>Up to a million millions: the range that is meant to be exact.</summary>
    public static readonly Gen<long> Trillion = Gen.OneOf(
        Small,
        Gen.Choose(0, 1_000_000).Select(i => (long)i),
        from thousands in Gen.Choose(0, 999_999) from rest in Gen.Choose(0, 1_000_000) select thousands * 1_000_000L + rest);
}
