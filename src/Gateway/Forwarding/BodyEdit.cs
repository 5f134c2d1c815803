namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>One change to a body: the bytes from <paramref name="Start"/> up to <paramref name="End"/> become others.</summary>
internal readonly record struct BodyEdit(int Start, int End, byte[] Bytes);
