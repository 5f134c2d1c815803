using System.Text;

namespace OpenAIProxy.Testing;

/// <summary>Reads a streamed answer event by event, as it comes.</summary>
public sealed class EventStream(HttpResponseMessage message, StreamReader reader) : IDisposable
{
    // A test that waits for what never comes shall fail, not hang.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public HttpResponseMessage Message => message;

    public static async Task<EventStream> OpenAsync(HttpClient client, HttpRequestMessage request, CancellationToken cancellation = default)
    {
        var message = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return new EventStream(message, new StreamReader(await message.Content.ReadAsStreamAsync(cancellation), Encoding.UTF8));
    }

    /// <summary>The data of the next event, or null at the end of the stream.</summary>
    public async Task<string?> NextAsync()
    {
        var data = new StringBuilder();
        while (await reader.ReadLineAsync().WaitAsync(LongestWait) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                data.Append(line, 6, line.Length - 6);
            else if (line.Length == 0 && data.Length > 0)
                return data.ToString();
        }
        return null;
    }

    /// <summary>The data of all events that are left.</summary>
    public async Task<List<string>> RestAsync()
    {
        var rest = new List<string>();
        while (await NextAsync() is { } data)
            rest.Add(data);
        return rest;
    }

    /// <summary>The data of the last event before the connection ends without a proper end, which it must.</summary>
    public async Task<string> LastBeforeBreakAsync()
    {
        var last = "";
        try
        {
            while (await NextAsync() is { } data)
                last = data;
        }
        catch (HttpIOException)
        {
            return last;
        }
        throw new InvalidOperationException($"The stream came to a proper end, behind {last}.");
    }

    public void Dispose()
    {
        reader.Dispose();
        message.Dispose();
    }
}
