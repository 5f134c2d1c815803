namespace OpenAIProxy.Domain.Events;

/// <summary>For how long it is known of each request what it used, and how often it was refused. Sums are kept for ever.</summary>
public static class Retention
{
    /// <summary>The most days that an event may say: ten years. The least is 0.</summary>
    public const int MostDays = 3_650;

    /// <summary>For how many days refusals are kept where the event says nothing.</summary>
    public const int DaysOfRefusals = 90;

    /// <summary>
    /// What is younger is kept whatever the event says: at a start the accounts of minutes are opened from the entries of the last ones, and those of hours,
    /// days and the event from the sums.
    /// </summary>
    public static readonly TimeSpan Least = TimeSpan.FromHours(1);

    /// <summary>What was admitted before this moment may go.</summary>
    public static DateTimeOffset KeptFrom(int days, DateTimeOffset now) => now - (days == 0 ? Least : TimeSpan.FromDays(days));
}
