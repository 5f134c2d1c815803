using System.Buffers.Text;

namespace OpenAIProxy.Gateway.Authentication.Tokens;

/// <summary>base64url as tokens and keys are written: no padding, no white space, and one spelling for each run of bytes.</summary>
internal static class Base64UrlText
{
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        Base64Url.DecodeFromChars(text, bytes, out _, out var length);
        Array.Resize(ref bytes, length);
        // The decoder stops at what it does not know, and overlooks padding and white space: neither comes back as it was. A second
        // spelling of one token must not be one.
        return text.SequenceEqual(Base64Url.EncodeToString(bytes));
    }
}
