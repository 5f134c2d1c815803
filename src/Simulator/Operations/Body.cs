using System.Buffers;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>Reads a request's body to its end.</summary>
internal static class Body
{
    public static async ValueTask<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
