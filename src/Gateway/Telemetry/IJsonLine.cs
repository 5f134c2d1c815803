using System.Text.Json;

namespace OpenAIProxy.Gateway.Telemetry;

/// <summary>
/// What is logged so often that to take it apart value by value, each in an object of its own, and to make a sentence of the same values
/// beside it, would be dearer than all the rest of the line: whoever writes logs as JSON lets it write itself. Its text is for people.
/// </summary>
public interface IJsonLine
{
    /// <summary>What happened, the same for all of its kind: what was different is in the values.</summary>
    JsonEncodedText Title { get; }

    /// <summary>Writes each value with its name, into an object that has begun.</summary>
    void WriteValues(Utf8JsonWriter json);
}
