using System.Security.Cryptography;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>
/// The keys that sign: RSA 2048 and P-256, made when first needed, never stored, renewed by rotation. Made late, because most
/// simulators of a test run never sign anything and a key takes a tenth of a second. Thread-safe.
/// </summary>
internal sealed class SigningKeys : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<SigningKey> keys = [];

    public SigningKey Current(bool isRsa)
    {
        lock (gate)
        {
            Ensure();
            return keys.FindLast(key => key.IsRsa == isRsa)!;
        }
    }

    /// <summary>Also one that has been withdrawn.</summary>
    public SigningKey? Find(string id)
    {
        lock (gate)
        {
            return keys.Find(key => key.Id == id);
        }
    }

    /// <summary>Those of which the public half is published.</summary>
    public SigningKey[] Published()
    {
        lock (gate)
        {
            Ensure();
            return [.. keys.Where(key => !key.IsWithdrawn)];
        }
    }

    /// <summary>Those that have been made by now.</summary>
    public SigningKey[] Made()
    {
        lock (gate)
        {
            return [.. keys];
        }
    }

    /// <param name="withdraw">Takes back the keys of before; else they are believed until a later rotation.</param>
    public void Rotate(bool withdraw)
    {
        lock (gate)
        {
            Ensure();
            foreach (var key in keys)
                key.IsWithdrawn |= withdraw;
            Make();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            keys.ForEach(key => key.Dispose());
        }
    }

    private void Ensure()
    {
        if (keys.Count == 0)
            Make();
    }

    private void Make()
    {
        keys.Add(new(RSA.Create(2048)));
        keys.Add(new(ECDsa.Create(ECCurve.NamedCurves.nistP256)));
    }
}
