using System.Runtime.CompilerServices;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Storage.Ledger.Counting;

/// <summary>Where one attendee's use of one model counts: in four tallies, the attendee's and everybody's, on the model and on all.</summary>
/// <param name="four">In the order of <see cref="TallyKey.Of"/>.</param>
internal sealed class Tallies(Tally[] four)
{
    public const int Count = 4;

    public Tally this[int place] => four[place];

    /// <summary>The one that has an account of such a use.</summary>
    public Tally Of(in AccountKey account) => four[(account.Attendee == 0 ? 2 : 0) + (account.Model.Length == 0 ? 1 : 0)];

    public ReadOnlySpan<Tally>.Enumerator GetEnumerator() => new ReadOnlySpan<Tally>(four).GetEnumerator();

    /// <summary>A number for each of them.</summary>
    [InlineArray(Count)]
    public struct Places
    {
        private int first;
    }
}
