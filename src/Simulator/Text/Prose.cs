using System.Text;

namespace OpenAIProxy.Simulator.Text;

/// <summary>A friendly paragraph or two around the words of a prompt.</summary>
internal static class Prose
{
    private static readonly Func<string, string>[] Openings =
    [
        word => $"Here is what I can say about {word}.",
        word => $"Good question: {word} is worth a closer look.",
        word => $"Let us begin with {word}.",
        word => $"In short, {word} is simpler than it seems.",
        word => $"There are several ways to think about {word}.",
    ];

    private static readonly Func<string, string, string>[] Sentences =
    [
        (one, other) => $"First of all, {one} and {other} depend on each other more than people expect.",
        (one, other) => $"When you look at {one}, you will soon meet {other} as well.",
        (one, _) => $"A small example helps: take {one}, change one thing, and see what happens.",
        (one, _) => $"Most people start with {one} and find the rest on the way.",
        (one, other) => $"It is easy to confuse {one} with {other}, but they are not the same.",
        (one, _) => $"If in doubt, write down what you know about {one} and what you do not.",
        (one, other) => $"Between {one} and {other} there is a trade-off; choose what you can measure.",
        (_, other) => $"Do not forget {other}: it is cheap now and expensive later.",
        (one, _) => $"Step by step, {one} becomes clear.",
    ];

    private static readonly string[] Closings =
    [
        "Would you like an example?", "Let me know if you want more detail.", "I hope this helps!", "That is the heart of it.", "Happy to go deeper on any of these.",
    ];

    public static string Write(Topic topic, Dice dice)
    {
        var text = new StringBuilder(dice.Pick(Openings)(topic.Main));
        var sentences = 2 + dice.Below(6);
        for (var sentence = 0; sentence < sentences; sentence++)
        {
            text.Append(sentence == 3 ? "\n\n" : " ");
            text.Append(dice.Pick(Sentences)(topic.Word(), topic.Word()));
        }

        return text.Append(' ').Append(dice.Pick(Closings)).ToString();
    }
}
