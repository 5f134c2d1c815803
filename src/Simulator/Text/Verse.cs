using System.Text;

namespace OpenAIProxy.Simulator.Text;

/// <summary>Rhyming couplets around the words of a prompt.</summary>
internal static class Verse
{
    private static readonly (string First, string Second)[] Rhymes =
    [
        ("light", "night"), ("sea", "free"), ("stone", "alone"), ("rain", "again"), ("sky", "by"), ("song", "long"),
        ("door", "shore"), ("snow", "below"), ("tree", "be"), ("day", "away"), ("air", "there"), ("deep", "sleep"),
    ];

    private static readonly Func<string, string, string>[] Lines =
    [
        (word, end) => $"The {word} waits beside the {end}",
        (word, end) => $"And every {word} remembers {end}",
        (word, end) => $"I asked the {word} about the {end}",
        (word, end) => $"A quiet {word} was here, and {end}",
        (word, end) => $"Where {word} begins, there begins the {end}",
        (word, end) => $"So keep the {word}, and keep the {end}",
        (word, end) => $"No {word} so small it has no {end}",
        (word, end) => $"The wind goes through the {word} to {end}",
    ];

    private static readonly string[] Ends = [",", ";", ".", ",", " –"];

    public static string Write(Topic topic, Dice dice)
    {
        var text = new StringBuilder();
        var stanzas = 2 + dice.Below(3);
        for (var stanza = 0; stanza < stanzas; stanza++)
        {
            for (var couplet = 0; couplet < 2; couplet++)
            {
                var (first, second) = dice.Pick(Rhymes);
                text.Append(dice.Pick(Lines)(topic.Word(), first)).Append(dice.Pick(Ends)).Append('\n');
                text.Append(dice.Pick(Lines)(topic.Word(), second)).Append(couplet == 0 ? ",\n" : ".\n");
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }
}
