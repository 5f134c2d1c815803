using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Simulator.Recorder;

/// <summary>An entry as <c>GET /simulator/requests</c> shows it.</summary>
internal static class EntryJson
{
    public static void Write(Utf8JsonWriter json, Entry entry)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, entry.Id);
        json.WriteString("began"u8, entry.Began);
        json.WriteString("method"u8, entry.Method);
        json.WriteString("path"u8, entry.Path);
        json.WriteString("query"u8, entry.Query);
        json.WriteStartObject("headers"u8);
        foreach (var header in entry.Headers)
            json.WriteString(header.Key.ToLowerInvariant(), header.Value);
        json.WriteEndObject();
        json.WriteString("body"u8, Encoding.UTF8.GetString(entry.Body.Span));
        json.WriteBoolean("bodyTruncated"u8, entry.BodyLength > entry.Body.Length);
        json.WriteString("deployment"u8, entry.Deployment?.Name);
        json.WriteString("operation"u8, entry.Operation);
        json.WriteString("fault"u8, entry.Fault);
        json.WriteNumber("status"u8, entry.Status);
        json.WriteString("state"u8, entry.State switch
        {
            EntryState.Running => "running",
            EntryState.Completed => "completed",
            EntryState.Cancelled => "cancelled",
            _ => "failed",
        });
        json.WriteBoolean("streamed"u8, entry.Streamed);
        json.WriteNumber("promptTokens"u8, entry.PromptTokens);
        json.WriteNumber("completionTokens"u8, entry.CompletionTokens);
        json.WriteEndObject();
    }
}
