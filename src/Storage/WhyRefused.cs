namespace OpenAIProxy.Storage;

/// <summary>What kind of no a refused change got.</summary>
public enum WhyRefused
{
    /// <summary>A value makes no sense.</summary>
    Invalid,

    /// <summary>There is one of that name already.</summary>
    Exists,

    /// <summary>Something else depends on it; the reason says what.</summary>
    InUse,

    /// <summary>There is none, or none that the actor may see.</summary>
    Missing,

    /// <summary>What it is at present does not allow the step, such as pausing a closed event.</summary>
    WrongState,

    /// <summary>The actor may see it but not do this.</summary>
    Forbidden,
}
