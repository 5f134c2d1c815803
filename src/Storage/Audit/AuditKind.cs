namespace OpenAIProxy.Storage.Audit;

/// <summary>To what it was done. The names are stored: never change one.</summary>
public enum AuditKind
{
    Backend,
    Model,
    Deployment,
    Event,

    /// <summary>Named by number, because people may ask to be forgotten.</summary>
    Attendee,

    /// <summary>Named by number.</summary>
    Key,

    /// <summary>Named by number.</summary>
    Token,
    Setting,

    /// <summary>Named by number.</summary>
    Limit,

    /// <summary>Named by its model.</summary>
    Price,
}
