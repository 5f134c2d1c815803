using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Micro;

/// <summary>From the text of a key to its owner.</summary>
public class KeyLookup
{
    private const int Attendees = 10_000;

    private readonly string key = AttendeeKey.Generate();
    private readonly KeyRing ring = new();

    [Params(1, 1_000_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        var code = EventCode.Parse("bench");
        for (var id = 1; id <= Attendees; id++)
            ring.Put(new Attendee(id, code, $"person-{id}", IsBlocked: false));
        Span<byte> hash = stackalloc byte[KeyHash.Length];
        for (var i = 1; i < Keys; i++)
        {
            RandomNumberGenerator.Fill(hash);
            ring.Put(new KeyHash(hash), new KeyGrant(1 + i % Attendees, null));
        }
        ring.Put(KeyHash.Of(key), new KeyGrant(1, null));
    }

    [Benchmark]
    public Attendee Find() => ring.FindOwner(KeyHash.Of(key), TimeProvider.System.GetUtcNow()) ?? throw new InvalidOperationException("The key has no owner.");
}
