using OpenAIProxy.Simulator.Recorder;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>What the identity side remembers: settings, outages, counts, and what has been revoked. Thread-safe.</summary>
internal sealed class IdentityState
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, long> issuedByClient = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> issuedByAudience = new(StringComparer.Ordinal);
    private volatile IdentitySettings settings = IdentitySettings.Default;
    private Milestone[] asked = NoneAsked();
    private long[] matches = [];
    private long ordered;
    private long issued;
    private long serial;
    private long revoked;

    public IdentitySettings Settings => settings;

    /// <summary>How often an endpoint was asked since the last reset.</summary>
    public Milestone Asked(IdentityEndpoint endpoint) => Volatile.Read(ref asked)[(int)endpoint];

    public void Set(IdentitySettings newSettings)
    {
        lock (gate)
        {
            settings = newSettings;
            matches = new long[newSettings.Outages.Count];
        }
    }

    /// <summary>Forgets settings, counts and revocations; the keys stay.</summary>
    public void Reset()
    {
        Set(IdentitySettings.Default);
        Volatile.Write(ref asked, NoneAsked());
        lock (gate)
        {
            issuedByClient.Clear();
            issuedByAudience.Clear();
            issued = ordered = revoked = 0;
        }
    }

    /// <returns>The first outage of this endpoint that is due, or null.</returns>
    public Outage? Ask(IdentityEndpoint endpoint)
    {
        Outage? due = null;
        lock (gate)
        {
            for (var i = 0; i < matches.Length && due is null; i++)
            {
                var outage = settings.Outages[i];
                if (outage.Endpoint == endpoint && ++matches[i] > outage.Skip && matches[i] - outage.Skip <= (outage.Times ?? long.MaxValue))
                    due = outage;
            }
        }

        Asked(endpoint).Pass();
        return due;
    }

    /// <returns>A number that no other token has, and that says which was made before which.</returns>
    public long NextSerial() => Interlocked.Increment(ref serial);

    public void CountIssued(string clientId, string audience)
    {
        lock (gate)
        {
            issued++;
            issuedByClient[clientId] = issuedByClient.GetValueOrDefault(clientId) + 1;
            issuedByAudience[audience] = issuedByAudience.GetValueOrDefault(audience) + 1;
        }
    }

    public void CountOrdered() => Interlocked.Increment(ref ordered);

    /// <summary>From now on no token made before is believed.</summary>
    public void Revoke() => Interlocked.Exchange(ref revoked, Volatile.Read(ref serial));

    public bool IsRevoked(long tokenSerial) => tokenSerial <= Volatile.Read(ref revoked);

    public (long Issued, long Ordered, KeyValuePair<string, long>[] ByClient, KeyValuePair<string, long>[] ByAudience) Counts()
    {
        lock (gate)
        {
            return (issued, ordered, [.. issuedByClient], [.. issuedByAudience]);
        }
    }

    private static Milestone[] NoneAsked() => [.. Enum.GetValues<IdentityEndpoint>().Select(_ => new Milestone())];
}
