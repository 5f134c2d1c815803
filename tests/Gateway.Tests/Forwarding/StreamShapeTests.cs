using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Refusals;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Streams of every shape, cut by the network at every byte, in both modes: against references that share no line with the gateway.</summary>
public sealed class StreamShapeTests
{
    private static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private readonly Transmitter transmitter = new(null!, NullLogger<Transmitter>.Instance);
    // There is nothing set aside here, so there is no ledger.
    private readonly Accountant accountant = new(null!, new GatewayMeter(Meters), TimeProvider.System, NullLogger<Accountant>.Instance);

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var shape in StreamShapes.All.Keys)
            foreach (var framing in new[] { "data: # ", "data:#", "\r", "comments", "named" })
                cases.Add(shape, framing);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Faithful_streams_are_equal_byte_for_byte(string shape, string framing)
    {
        var sent = Frame(StreamShapes.All[shape], framing);

        await ShouldBecomeAsync(sent, new Delivery(StreamMode.Faithful, HidesUsage: false, IsOwn: false, ReadsOn: false), Encoding.UTF8.GetString(sent));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Faithful_streams_are_what_a_request_without_usage_would_have_got(string shape, string framing)
    {
        // Where the field stands is known here; the gateway has to find it.
        var expected = StreamShapes.All[shape]
            .Where(data => !data.Contains("\"usage\":{", StringComparison.Ordinal))
            .Select(data => data.Replace(",\"usage\":null}", "}", StringComparison.Ordinal)
                .Replace("{\"usage\":null,", "{", StringComparison.Ordinal)
                .Replace(", \"usage\" : null ,", " ,", StringComparison.Ordinal));

        await ShouldBecomeAsync(Frame(StreamShapes.All[shape], framing), new Delivery(StreamMode.Faithful, HidesUsage: true, IsOwn: false, ReadsOn: false), Encoding.UTF8.GetString(Frame(expected, framing)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Strict_streams_are_what_the_reference_makes_of_them(string shape, string framing)
    {
        var sent = Frame(StreamShapes.All[shape], framing);

        foreach (var received in await TransmitEveryWayAsync(sent, new Delivery(StreamMode.Strict, HidesUsage: false, IsOwn: false, ReadsOn: false)))
            DataOf(received).Select(Normal).ShouldBe(StreamShapes.All[shape].Select(Strict).Where(d => d is not null).Append("[DONE]").TakeWhile(d => !shape.Contains("error") || d != "[DONE]"));
    }

    // The rules of the strict mode, on parsed chunks.
    private static string? Strict(string data)
    {
        if (!data.StartsWith('{'))
            return data;
        var chunk = JsonNode.Parse(data)!.AsObject();
        if (chunk["error"] is JsonObject error)
            return new JsonObject
            {
                ["error"] = new JsonObject { ["message"] = error["message"]?.DeepClone(), ["type"] = error["type"]?.DeepClone() ?? "server_error", ["param"] = null, ["code"] = error["code"]?.DeepClone() },
            }.ToJsonString();
        if (chunk["choices"] is not JsonArray { Count: > 0 } choices)
            return chunk["usage"] is JsonObject ? chunk.ToJsonString() : null;
        var speaks = choices.OfType<JsonObject>().Any(c => c.ContainsKey("delta") || c.ContainsKey("text"));
        var ends = choices.OfType<JsonObject>().Any(c => c["finish_reason"] is not null);
        if (!speaks && !ends)
            return null;
        if (!speaks)
            foreach (var choice in choices.OfType<JsonObject>())
                choice["delta"] = new JsonObject();
        return chunk.ToJsonString();
    }

    private static string Normal(string data) => data.StartsWith('{') ? JsonNode.Parse(data)!.ToJsonString() : data;

    private async Task ShouldBecomeAsync(byte[] sent, Delivery delivery, string expected)
    {
        // After an error nothing more is sent, not even the end.
        var end = expected.IndexOf("{\"error\"", StringComparison.Ordinal);
        if (end >= 0)
            expected = expected[..(expected.IndexOf("}}", end, StringComparison.Ordinal) + 2)];
        foreach (var received in await TransmitEveryWayAsync(sent, delivery))
            (end < 0 ? received : received.TrimEnd()).ShouldBe(expected);
    }

    // In one read, in two with the cut at every byte, and byte by byte.
    private async Task<IEnumerable<string>> TransmitEveryWayAsync(byte[] sent, Delivery delivery)
    {
        var received = new HashSet<string>(StringComparer.Ordinal) { await TransmitAsync(new CutStream(sent, sent.Length), delivery),
            await TransmitAsync(new CutStream(sent, 1, every: true), delivery) };
        for (var cut = 1; cut < sent.Length; cut++)
            received.Add(await TransmitAsync(new CutStream(sent, cut), delivery));
        return received;
    }

    private async Task<string> TransmitAsync(Stream body, Delivery delivery)
    {
        using var message = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", "text/event-stream");
        using var answer = new BackendAnswer(null!, message, body, streaming: true,
            new Deadline(TimeSpan.FromMinutes(1), TimeSpan.Zero, TimeProvider.System, CancellationToken.None), TimeSpan.FromMinutes(1));
        var written = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(written));
        using var call = new Call(OperationSpec.ChatCompletions, [], 0);
        var admitted = new Admitted(new OwnResource(null!, [(null, "d")]).OfferFor(null), null, null);
        await using var entry = accountant.Open(admitted, call);
        try
        {
            (await transmitter.TransmitAsync(answer, context, entry, new Flight(), delivery)).ShouldBeNull();
        }
        catch (AnswerCutShortException)
        {
            // Behind an error in the stream.
        }
        return Encoding.UTF8.GetString(written.ToArray());
    }

    private static byte[] Frame(IEnumerable<string> events, string framing)
    {
        var line = framing == "\r" ? "\r\n" : "\n";
        var prefix = framing == "data:#" ? "data:" : "data: ";
        var text = new StringBuilder(framing == "comments" ? ": keep-alive\n\n" : "");
        foreach (var data in events.Append("[DONE]"))
        {
            if (framing == "comments")
                text.Append(": ping").Append(line);
            if (framing == "named")
                text.Append("event: chunk").Append(line).Append("id: 1").Append(line);
            text.Append(prefix).Append(data).Append(line).Append(line);
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // A reader of streams as plain as can be.
    private static IEnumerable<string> DataOf(string stream) => stream.ReplaceLineEndings("\n").Split("\n\n")
        .Select(e => e.Split('\n').FirstOrDefault(l => l.StartsWith("data:", StringComparison.Ordinal))).Where(l => l is not null).Select(l => l![5..].TrimStart());

    /// <summary>Gives its bytes in two reads, or one at a time.</summary>
    private sealed class CutStream(byte[] bytes, int cut, bool every = false) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var until = every ? (int)Position + 1 : Position < cut ? cut : (int)Length;
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, Math.Max(0, until - (int)Position))], cancellationToken);
        }
    }
}
