using System.Diagnostics.CodeAnalysis;

namespace OpenAIProxy.Gateway.Refusals;

/// <summary>What a stage returns: its result, or the refusal that ends the request.</summary>
internal readonly struct Result<T>
    where T : class
{
    private readonly T? value;
    private readonly Refusal? refusal;

    private Result(T? value, Refusal? refusal) => (this.value, this.refusal) = (value, refusal);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(null, refusal);

    public bool IsRefused([NotNullWhen(true)] out Refusal? refusal, [NotNullWhen(false)] out T? value)
    {
        (refusal, value) = (this.refusal, this.value);
        return refusal is not null;
    }
}
