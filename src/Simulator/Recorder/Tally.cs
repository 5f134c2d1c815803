using System.Text.Json;

namespace OpenAIProxy.Simulator.Recorder;

/// <summary>What was served. Thread-safe; each number is exact, together they may be a request apart.</summary>
internal sealed class Tally
{
    private long requests;
    private long completed;
    private long cancelled;
    private long failed;
    private long promptTokens;
    private long completionTokens;
    private long cancelledCompletionTokens;

    public void Begin() => Interlocked.Increment(ref requests);

    public void End(Entry entry, EntryState end)
    {
        Interlocked.Add(ref promptTokens, entry.PromptTokens);
        Interlocked.Add(ref completionTokens, entry.CompletionTokens);
        if (end == EntryState.Cancelled)
            Interlocked.Add(ref cancelledCompletionTokens, entry.CompletionTokens);
        Interlocked.Increment(ref end == EntryState.Completed ? ref completed : ref end == EntryState.Cancelled ? ref cancelled : ref failed);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("requests"u8, Volatile.Read(ref requests));
        json.WriteNumber("completed"u8, Volatile.Read(ref completed));
        json.WriteNumber("cancelled"u8, Volatile.Read(ref cancelled));
        json.WriteNumber("failed"u8, Volatile.Read(ref failed));
        json.WriteNumber("promptTokens"u8, Volatile.Read(ref promptTokens));
        json.WriteNumber("completionTokens"u8, Volatile.Read(ref completionTokens));
        json.WriteNumber("cancelledCompletionTokens"u8, Volatile.Read(ref cancelledCompletionTokens));
        json.WriteEndObject();
    }
}
