using System.Text;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>What stands around the choices of a chunk, made once for a stream.</summary>
/// <param name="Head">Up to and with <c>"choices":[</c>.</param>
/// <param name="Tail">From <c>]</c> to the end of the object but for a usage and the closing brace.</param>
internal sealed record Envelope(byte[] Head, byte[] Tail)
{
    public static Envelope Of(Call call, string id, string kind) => call.ApiVersion.IsOfOldShape
        ? new(Bytes($$"""data: {"id":"{{id}}","object":"{{kind}}","created":{{call.Now}},"model":"{{call.Model.Answers}}","choices":["""), Bytes("]"))
        : new(Bytes("""data: {"choices":["""),
            Bytes($$"""],"created":{{call.Now}},"id":"{{id}}","model":"{{call.Model.Answers}}","object":"{{kind}}","system_fingerprint":"{{call.Deployment.Fingerprint}}" """.TrimEnd()));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
