using System.Net.Sockets;

namespace OpenAIProxy.Upstream;

/// <summary>One client: reads a request, answers it, and waits for the next.</summary>
internal sealed class Connection(Socket socket, Pace pace)
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(300);

    public async Task ServeAsync()
    {
        using var inbox = new Inbox(socket);
        try
        {
            while (await inbox.ReadAsync() is { } request)
            {
                await AnswerAsync(request);
                if (request.IsLast)
                    break;
            }
        }
        catch (SocketException)
        {
            // The client hung up in between.
        }
        finally
        {
            socket.Dispose();
        }
    }

    private async ValueTask AnswerAsync(Request request)
    {
        if (request.Profile == Profile.Unknown)
        {
            await SendAsync(Answers.NotFound);
            return;
        }
        if (request.Profile == Profile.Late)
            await Task.Delay(Late, TimeProvider.System);
        if (!request.Streams)
            await SendAsync(Answers.Completion);
        else
            await StreamAsync(request);
    }

    private async ValueTask StreamAsync(Request request)
    {
        var stream = request.WantsUsage ? Answers.StreamWithUsage : Answers.Stream;
        if (request.Profile is Profile.Chat or Profile.Late)
        {
            await SendAsync(stream.Whole);
            return;
        }
        await SendAsync(stream.Head);
        var slot = pace.Slot;
        foreach (var chunk in stream.Chunks)
        {
            if (request.Profile == Profile.Slow)
                await pace.NextTurnOf(slot);
            await SendAsync(chunk);
        }
        await SendAsync(stream.End);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => await socket.SendAsync(bytes, SocketFlags.None);
}
