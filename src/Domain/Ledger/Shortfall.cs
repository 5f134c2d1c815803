namespace OpenAIProxy.Domain.Ledger;

/// <summary>Why nothing was set aside: the account that has not enough left.</summary>
/// <param name="Used">What has been settled in it.</param>
/// <param name="Reserved">What is set aside in it for requests on their way.</param>
/// <param name="Wanted">What the request would have needed at the least.</param>
public sealed record Shortfall(Hold Hold, long Used, long Reserved, long Wanted)
{
    /// <summary>How long to wait where only reservations are in the way: most settle below what they had set aside.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>Whether the request would not fit into an empty account either, so that no waiting helps: only to ask for less.</summary>
    public bool NeverFits => Wanted > Hold.Cap;

    /// <summary>Whether what is used leaves room enough, and only requests on their way do not. So it always is with requests in flight.</summary>
    public bool OnlyReservationsInTheWay => (Int128)Used + Wanted <= Hold.Cap;

    /// <summary>When the same request may fit: never (null), in a <see cref="Moment"/>, or when the window ends.</summary>
    /// <param name="now">Not later than when the window ends, or it is due at once.</param>
    /// <returns>At least 0.</returns>
    public TimeSpan? Wait(DateTimeOffset now)
    {
        if (NeverFits)
            return null;
        TimeSpan? frees = Hold.Frees is { } end ? (end > now ? end - now : TimeSpan.Zero) : null;
        if (!OnlyReservationsInTheWay)
            return frees;
        // When the window ends, its reservations are out of the way as well.
        return frees < Moment ? frees : Moment;
    }

    /// <summary>Whether it stands in the way for longer than <paramref name="other"/>.</summary>
    public bool Outlasts(Shortfall other) => Until > other.Until;

    private DateTimeOffset Until
    {
        get
        {
            if (NeverFits)
                return DateTimeOffset.MaxValue;
            return OnlyReservationsInTheWay ? DateTimeOffset.MinValue : Hold.Frees ?? DateTimeOffset.MaxValue;
        }
    }
}
