using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>A family of URLs with its own conventions.</summary>
/// <param name="Name">For logs and metrics.</param>
/// <param name="StreamMode">How streams are passed on where neither the event nor the request says.</param>
internal sealed record Surface(string Name, StreamMode StreamMode)
{
    /// <summary>The event REST interface: as a rule with the header <c>openai-event-code</c> and no model in the body.</summary>
    public static readonly Surface Event = new("event", StreamMode.Strict);

    /// <summary>Azure OpenAI's own interface.</summary>
    public static readonly Surface Azure = new("azure", StreamMode.Faithful);

    /// <summary>OpenAI's interface.</summary>
    public static readonly Surface OpenAI = new("openai", StreamMode.Strict);
}
