using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Bench.Load;

/// <summary>What clients send.</summary>
internal static class Bodies
{
    private const string Sentence = "The herd crosses the river before dusk, \"slowly\", as the old cow decides; calves walk between their mothers.\n";

    public static string Chat { get; } = Make("Write a poem about indian elephants.", streams: false);

    public static string Stream { get; } = Make("Write a poem about indian elephants.", streams: true);

    /// <summary>A prompt of that many KB, with the quotes and line ends that text has.</summary>
    public static string Long(int kilobytes)
    {
        var text = new StringBuilder();
        while (text.Length < kilobytes * 1024)
            text.Append(Sentence);
        return Make(text.ToString(), streams: false);
    }

    private static string Make(string prompt, bool streams) =>
        $$"""{"messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"{{JsonEncodedText.Encode(prompt)}}"}],"max_tokens":100,"temperature":0.7{{(streams ? ",\"stream\":true" : "")}}}""";
}
