using System.Security.Cryptography;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Domain.Events;

/// <summary>A time-bound grant of models to a group of people. Immutable: a change makes a new one.</summary>
public sealed class Event
{
    /// <summary>The default of <see cref="OutputCap"/>, in tokens.</summary>
    public const long DefaultOutputCap = 4_096;

    /// <summary>The default of <see cref="ReasoningOutputCap"/>, in tokens: hidden reasoning counts as output.</summary>
    public const long DefaultReasoningOutputCap = 16_384;

    /// <summary>The default of <see cref="AttendeeCap"/>.</summary>
    public const int DefaultAttendeeCap = 1_000;

    public required EventCode Code { get; init; }

    /// <summary>What people call the event.</summary>
    public required string Name { get; init; }

    /// <summary>Markdown; shown to everybody.</summary>
    public string Description { get; init; } = "";

    public required Organiser Organiser { get; init; }

    /// <summary>An absolute URL, or null.</summary>
    public string? ImageUrl { get; init; }

    public required EventWindow Window { get; init; }

    public required EventState State { get; init; }

    public required EventModels Models { get; init; }

    /// <summary>The most output tokens that one request may ask for, over all its choices; at least 1.</summary>
    public long OutputCap { get; init; } = DefaultOutputCap;

    /// <summary>The same for reasoning models, whose hidden reasoning counts as output; at least 1.</summary>
    public long ReasoningOutputCap { get; init; } = DefaultReasoningOutputCap;

    public Entrance Entrance { get; init; } = Entrance.AnyUser;

    /// <summary>What <see cref="EventSecret.HashSharedSecret"/> gave for the shared secret, or null where there is none.</summary>
    public ReadOnlyMemory<byte>? SharedSecretHash { get; init; }

    /// <summary>Whose tokens of Microsoft Entra ID let people in beside codes and keys; null is nobody's.</summary>
    public TokenAdmission? TokenAdmission { get; init; }

    /// <summary>How streams are passed on; null is as each surface does by itself.</summary>
    public StreamMode? StreamMode { get; init; }

    /// <summary>Whether user ids are stored as hashes only.</summary>
    public bool HashesUserIds { get; init; }

    public required EventSecret Secret { get; init; }

    /// <summary>How many attendees may come in by code: one shared code must not mint endless allowances. At least 1.</summary>
    public int AttendeeCap { get; init; } = DefaultAttendeeCap;

    /// <summary>How much may be used, in the order in which they were added; none is without end.</summary>
    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>Whether requests in flight are cut off when they would not be let in any more, rather than allowed to finish.</summary>
    public bool CutsInFlight { get; init; }

    /// <summary>The origins of browser applications that may call, such as <c>https://app.example</c>; <c>*</c> is any, none is none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    /// <summary>Whether the event lets people in at <paramref name="now"/>.</summary>
    public Standing StandingAt(DateTimeOffset now) => StandingOf(State, Window, now);

    /// <summary>Whether an event in that state and with that window lets people in at <paramref name="now"/>.</summary>
    public static Standing StandingOf(EventState state, EventWindow window, DateTimeOffset now) => state switch
    {
        EventState.Draft => Standing.Draft,
        EventState.Closed or EventState.Archived => Standing.Closed,
        _ when now >= window.Ends => Standing.Over,
        EventState.Paused => Standing.Paused,
        _ when now < window.Opens => Standing.NotYetOpen,
        _ => Standing.Open,
    };

    /// <summary>The most output tokens one request to <paramref name="model"/> may ask for, over all its choices.</summary>
    public long OutputCapFor(Model model) => model.Family == ModelFamily.Reasoning ? ReasoningOutputCap : OutputCap;

    /// <summary>Under which name this event knows an attendee: the user id itself, or its hash where the event hides user ids.</summary>
    public string AttendeeNameOf(UserId user) => HashesUserIds ? Secret.HashUserId(user.Value) : user.Value;

    /// <summary>Compares in constant time, so that no secret can be guessed letter by letter.</summary>
    public bool IsSharedSecret(string secret) =>
        SharedSecretHash is { } expected && CryptographicOperations.FixedTimeEquals(Secret.HashSharedSecret(secret), expected.Span);

    public bool AllowsOrigin(string origin)
    {
        foreach (var allowed in AllowedOrigins)
            if (allowed == "*" || string.Equals(allowed, origin, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
