using System.Globalization;
using System.Text.Json;
using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Telemetry;

/// <summary>The line of the log that says how a request ended.</summary>
internal sealed class RequestLine(RequestReport report) : IJsonLine
{
    private static readonly JsonEncodedText Ended = JsonEncodedText.Encode("A request ended");
    private static readonly string[] Outcomes = Enum.GetNames<Outcome>();

    public JsonEncodedText Title => Ended;

    private Usage? Usage => report.Entry?.Usage;

    private string? Outcome => report.Entry is { } entry ? Outcomes[(int)entry.Outcome] : null;

    public void WriteValues(Utf8JsonWriter json)
    {
        json.WriteString(Names.RequestId, report.RequestId);
        json.WriteString(Names.Event, report.Event);
        json.WriteString(Names.Surface, report.Surface);
        json.WriteString(Names.Operation, report.Operation);
        json.WriteString(Names.Model, report.Model);
        json.WriteBoolean(Names.Streaming, report.Streaming);
        json.WriteNumber(Names.Status, report.Status);
        json.WriteString(Names.Refusal, report.Refusal?.Code);
        json.WriteString(Names.Outcome, Outcome);
        json.WriteNumber(Names.Milliseconds, Milliseconds(report.Elapsed));
        if (report.FirstByte is { } firstByte)
            json.WriteNumber(Names.FirstByte, Milliseconds(firstByte));
        else
            json.WriteNull(Names.FirstByte);
        Write(json, Names.InputTokens, Usage?.Input);
        Write(json, Names.OutputTokens, Usage?.Output);
    }

    public override string ToString()
    {
        var firstByte = report.FirstByte is { } first ? string.Create(CultureInfo.InvariantCulture, $", first byte {Milliseconds(first)} ms") : "";
        var tokens = Usage is { } usage ? string.Create(CultureInfo.InvariantCulture, $", tokens in {usage.Input}, out {usage.Output}") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.RequestId} {report.Event} {report.Surface} {report.Operation} {report.Model}{(report.Streaming ? " streaming" : "")}: {report.Status} {report.Refusal?.Code ?? Outcome} in {Milliseconds(report.Elapsed)} ms{firstByte}{tokens}");
    }

    // To the microsecond. A double would be written with as many digits as it takes to be that double, and for longer.
    private static decimal Milliseconds(TimeSpan time)
    {
        var microseconds = time.Ticks / TimeSpan.TicksPerMicrosecond;
        return new decimal(unchecked((int)microseconds), unchecked((int)(microseconds >> 32)), 0, isNegative: false, scale: 3);
    }

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    // Looked through for what must be escaped once, not with each line.
    private static class Names
    {
        public static readonly JsonEncodedText RequestId = JsonEncodedText.Encode("RequestId");
        public static readonly JsonEncodedText Event = JsonEncodedText.Encode("Event");
        public static readonly JsonEncodedText Surface = JsonEncodedText.Encode("Surface");
        public static readonly JsonEncodedText Operation = JsonEncodedText.Encode("Operation");
        public static readonly JsonEncodedText Model = JsonEncodedText.Encode("Model");
        public static readonly JsonEncodedText Streaming = JsonEncodedText.Encode("Streaming");
        public static readonly JsonEncodedText Status = JsonEncodedText.Encode("Status");
        public static readonly JsonEncodedText Refusal = JsonEncodedText.Encode("Refusal");
        public static readonly JsonEncodedText Outcome = JsonEncodedText.Encode("Outcome");
        public static readonly JsonEncodedText Milliseconds = JsonEncodedText.Encode("Milliseconds");
        public static readonly JsonEncodedText FirstByte = JsonEncodedText.Encode("FirstByteMilliseconds");
        public static readonly JsonEncodedText InputTokens = JsonEncodedText.Encode("InputTokens");
        public static readonly JsonEncodedText OutputTokens = JsonEncodedText.Encode("OutputTokens");
    }
}
