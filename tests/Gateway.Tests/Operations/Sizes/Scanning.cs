using System.Buffers;
using System.Text;
using OpenAIProxy.Domain.Sizing;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Tests.Operations.Sizes;

internal static class Scanning
{
    public static RequestSize SizeOf(OperationSpec operation, string body) => SizeOf(operation, Encoding.UTF8.GetBytes(body));

    public static RequestSize SizeOf(OperationSpec operation, byte[] body)
    {
        var (refusal, size) = Scan(operation, body);
        refusal.ShouldBeNull();
        return size;
    }

    public static (Refusal? Refusal, RequestSize Size) Scan(OperationSpec operation, byte[] body)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(buffer, 0);
        using var call = new Call(operation, buffer, body.Length);
        return (CallScanner.Scan(call), call.Size);
    }
}
