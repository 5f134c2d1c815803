using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Events;

/// <summary>What it means, for whoever wants to come in, where an event stands.</summary>
internal static class Standing
{
    /// <summary>Null where there is nothing to say that was not said by the step that led there.</summary>
    public static string? Sentence(JsonObject shown) => shown["standing"]?.ToString() switch
    {
        "open" => $"It ends {Read(shown, "Ends")}.",
        "notYetOpen" => $"It lets people in from {Read(shown, "Opens")}.",
        "over" => $"Its end has passed and nobody gets in: openai-proxy event extend {shown["code"]} --end TIME",
        _ => null,
    };

    private static string Read(JsonObject shown, string title) => EventFields.InList.First(f => f.Title == title).Read(shown, TimeZoneInfo.Utc);
}
