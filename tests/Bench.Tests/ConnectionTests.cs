using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenAIProxy.Bench.Load;

namespace OpenAIProxy.Bench.Tests;

/// <summary>One client of the load generator, on the wire.</summary>
public sealed class ConnectionTests
{
    private static readonly Requests Chat = new("chat", Bodies.Chat, "a-key");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_is_read_whole_wherever_it_is_cut(bool streamed)
    {
        string[] events = [.. AnswerText.Events(3), AnswerText.Done];
        var bytes = Encoding.ASCII.GetBytes(streamed ? AnswerText.InChunks(events) : AnswerText.Sized(string.Concat(events)));
        using var server = new ScriptedServer(async (socket, number) =>
        {
            await socket.SendAsync(bytes.AsMemory(..number), SocketFlags.None);
            // Lets whoever reads come first: then the two do not arrive as one.
            await Task.Yield();
            await socket.SendAsync(bytes.AsMemory(number..), SocketFlags.None);
        });
        using var connection = new Connection(server.Address, IPAddress.Loopback);

        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var answer = await connection.AskAsync(Chat.Next);

            (answer.Status, answer.BodyLength, answer.Lines, answer.IsDone).ShouldBe((200, events.Sum(e => e.Length), 8, true), $"cut at {cut}");
        }
    }

    [Fact]
    public async Task Answer_that_comes_byte_by_byte_is_read()
    {
        var bytes = Encoding.ASCII.GetBytes(AnswerText.InChunks([.. AnswerText.Events(5), AnswerText.Done]));
        using var server = new ScriptedServer(async (socket, _) =>
        {
            for (var i = 0; i < bytes.Length; i++)
                await socket.SendAsync(bytes.AsMemory(i, 1), SocketFlags.None);
        });
        using var connection = new Connection(server.Address, IPAddress.Loopback);

        var answer = await connection.AskAsync(Chat.Next);

        (answer.Status, answer.Lines, answer.IsDone).ShouldBe((200, 12, true));
    }

    [Fact]
    public async Task First_byte_is_that_of_the_body_and_not_of_the_head()
    {
        var sent = 0L;
        using var server = new ScriptedServer(async (socket, _) =>
        {
            await ScriptedServer.SendAsync(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            // Lets whoever reads come first, as far as anything can; it is right in either case.
            await Task.Yield();
            Volatile.Write(ref sent, Stopwatch.GetTimestamp());
            await ScriptedServer.SendAsync(socket, "OK");
        });
        using var connection = new Connection(server.Address, IPAddress.Loopback);

        for (var i = 0; i < 100; i++)
            (await connection.AskAsync(Chat.Next)).FirstByte.ShouldBeGreaterThanOrEqualTo(Volatile.Read(ref sent));
    }

    [Fact]
    public async Task Connection_that_breaks_is_no_answer_and_is_opened_anew()
    {
        using var server = new ScriptedServer(async (socket, number) =>
        {
            await ScriptedServer.SendAsync(socket, number == 1 ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot all of it" : AnswerText.Ok);
            if (number == 1)
                socket.Close();
        });
        using var connection = new Connection(server.Address, IPAddress.Loopback);

        (await connection.AskAsync(Chat.Next)).Status.ShouldBe(0);
        (await connection.AskAsync(Chat.Next)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Server_that_closes_behind_an_answer_is_asked_again_on_a_new_connection()
    {
        using var server = new ScriptedServer(async (socket, _) =>
        {
            await ScriptedServer.SendAsync(socket, AnswerText.Sized("OK", "Connection: close\r\n"));
            socket.Close();
        });
        using var connection = new Connection(server.Address, IPAddress.Loopback);

        for (var i = 0; i < 3; i++)
            (await connection.AskAsync(Chat.Next)).ShouldSatisfyAllConditions(a => a.Status.ShouldBe(200), a => a.BodyLength.ShouldBe(2));
    }
}
