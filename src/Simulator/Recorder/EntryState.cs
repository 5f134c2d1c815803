namespace OpenAIProxy.Simulator.Recorder;

internal enum EntryState
{
    Running,

    /// <summary>Answered with a success, to its end.</summary>
    Completed,

    /// <summary>The client went away first.</summary>
    Cancelled,

    /// <summary>Answered with an error status, or broken off by a fault.</summary>
    Failed,
}
