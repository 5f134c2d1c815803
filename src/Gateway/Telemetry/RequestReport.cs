using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Telemetry;

/// <summary>What is told of one request when it has ended: names and numbers, no key and no prompt.</summary>
internal sealed class RequestReport(string requestId, string surface, string operation)
{
    public string RequestId { get; } = requestId;

    public string Surface { get; } = surface;

    public string Operation { get; } = operation;

    /// <summary>Empty until the caller is known.</summary>
    public string Event { get; set; } = "";

    /// <summary>By number; null until the caller is known, and where they are no attendee yet.</summary>
    public long? Attendee { get; set; }

    /// <summary>Empty until the request is admitted.</summary>
    public string Model { get; set; } = "";

    public bool Streaming { get; set; }

    public int Status { get; set; }

    public Refusal? Refusal { get; set; }

    public TimeSpan? FirstByte { get; set; }

    public TimeSpan Elapsed { get; set; }

    public RequestEntry? Entry { get; set; }
}
