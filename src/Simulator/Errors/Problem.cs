using System.Text;

namespace OpenAIProxy.Simulator.Errors;

/// <summary>An answer that is not a success.</summary>
internal sealed record Problem(int Status, string Body)
{
    public string? ContentType { get; init; } = "application/json";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A 401 is written by Azure's front and carries nothing but <c>apim-request-id</c>.</summary>
    public bool IsFromFront { get; init; }

    public byte[] Bytes => Encoding.UTF8.GetBytes(Body);
}
