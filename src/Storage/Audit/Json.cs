using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenAIProxy.Storage.Audit;

internal static class Json
{
    /// <summary>What takes the place of a secret.</summary>
    public const string Mask = "•••";

    /// <summary>What takes the place of a secret that is not what it was.</summary>
    public const string NewMask = "••• (new)";

    // The text is stored, and sent as JSON only: nothing in it needs to be safe inside HTML.
    public static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
