using System.Diagnostics;
using OpenAIProxy.Bench.Load;

namespace OpenAIProxy.Bench.Tests;

/// <summary>What a load counts, and from when it counts.</summary>
public sealed class FleetTests
{
    private static readonly Expectation Ok = new(answer => answer is { Status: 200, BodyLength: 2 });
    private static readonly Requests Chat = new("chat", Bodies.Chat, "a-key");

    [Fact]
    public async Task Server_that_stops_has_on_its_record_all_requests_that_were_to_be_sent_meanwhile()
    {
        // 200 requests within a second, and from the 40th on nothing goes for 400 ms: 80 are to be sent in that time, by 4 clients of which each waits for one.
        const int stopsAt = 40;
        var goesOn = Stopwatch.Frequency * 2 / 5;
        var until = 0L;
        using var server = new ScriptedServer(async (socket, number) =>
        {
            if (number == stopsAt)
                Volatile.Write(ref until, Stopwatch.GetTimestamp() + goesOn);
            if (number >= stopsAt)
                await Task.Factory.StartNew(() => PreciseClock.WaitUntil(Volatile.Read(ref until)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await ScriptedServer.SendAsync(socket, AnswerText.Ok);
        });
        using var fleet = await Fleet.OpenAsync(server.Address, 4);

        var tally = await fleet.PaceAsync(Chat, Ok, perSecond: 200, TimeSpan.FromSeconds(1));

        (tally.Right, tally.Wrong).ShouldBe((200, 0));
        tally.Whole.LargestMilliseconds.ShouldBeGreaterThan(390);
        tally.Whole.Milliseconds(0.99).ShouldBeGreaterThan(350);
        // A client that waits before it asks again would have 4 late requests, 2% of them: here it is 40%, and a quarter waited longer than 125 ms.
        tally.Whole.Milliseconds(0.75).ShouldBeGreaterThan(100);
        tally.FirstByte.Milliseconds(0.75).ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Rate_is_kept_whatever_the_server_does()
    {
        using var server = ScriptedServer.Always(AnswerText.Ok);
        using var fleet = await Fleet.OpenAsync(server.Address, 8);

        var tally = await fleet.PaceAsync(Chat, Ok, perSecond: 500, TimeSpan.FromSeconds(0.5));

        (tally.Right, server.Requests).ShouldBe((250, 250));
        tally.Lasted.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.49));
    }

    [Fact]
    public async Task Wrong_answers_are_counted_shown_and_in_no_percentile()
    {
        using var server = new ScriptedServer((socket, number) =>
            ScriptedServer.SendAsync(socket, number % 5 == 0 ? "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n" : AnswerText.Ok));
        using var fleet = await Fleet.OpenAsync(server.Address, 3);

        var tally = await fleet.PaceAsync(Chat, Ok, perSecond: 400, TimeSpan.FromSeconds(0.25));

        (tally.Right, tally.Wrong).ShouldBe((80, 20));
        (tally.Whole.Count, tally.FirstByte.Count).ShouldBe((80, 80));
        tally.FirstWrong!.ShouldContain("Status = 503");
    }

    [Fact]
    public async Task Streams_without_their_end_or_with_an_event_less_are_wrong()
    {
        string[] whole = [.. AnswerText.Events(53), AnswerText.Done];
        string[][] streams = [whole, [.. whole.SkipLast(1)], [.. whole.Skip(1)], [.. AnswerText.Events(54)]];
        using var server = new ScriptedServer((socket, number) => ScriptedServer.SendAsync(socket, AnswerText.InChunks(streams[(number - 1) % streams.Length])));
        using var fleet = await Fleet.OpenAsync(server.Address, 4);

        var tally = await fleet.OnceAsync(Chat, Expectation.Stream);

        (tally.Right, tally.Wrong).ShouldBe((1, 3));
    }

    [Fact]
    public async Task Connections_that_break_are_wrong_answers_and_the_load_goes_on()
    {
        using var server = new ScriptedServer(async (socket, number) =>
        {
            if (number % 2 == 0)
                socket.Close();
            else
                await ScriptedServer.SendAsync(socket, AnswerText.Ok);
        });
        using var fleet = await Fleet.OpenAsync(server.Address, 1);

        var tally = await fleet.PaceAsync(Chat, Ok, perSecond: 200, TimeSpan.FromSeconds(0.2));

        (tally.Right, tally.Wrong).ShouldBe((20, 20));
        tally.FirstWrong!.ShouldContain("Status = 0");
    }

    [Fact]
    public async Task Server_that_nobody_can_reach_is_an_error_that_says_so()
    {
        var server = ScriptedServer.Always(AnswerText.Ok);
        server.Dispose();

        (await Should.ThrowAsync<BenchException>(() => Fleet.OpenAsync(server.Address, 2))).Message.ShouldContain("does not take 2 connections");
    }
}
