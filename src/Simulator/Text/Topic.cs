using System.Collections.Frozen;

namespace OpenAIProxy.Simulator.Text;

/// <summary>What a prompt is about: its longer words, in order.</summary>
internal sealed class Topic
{
    private const int MostWords = 8;

    // A long prompt's last words are its question.
    private const int MostCharacters = 2_000;

    private static readonly FrozenSet<string> Fillers = FrozenSet.ToFrozenSet(
    [
        "about", "after", "again", "also", "answer", "because", "before", "could", "describe", "does", "each", "explain", "five", "four", "from", "give",
        "have", "haiku", "hello", "help", "into", "just", "know", "like", "limerick", "line", "lines", "make", "more", "must", "need", "please", "poem", "poems",
        "rhyme", "should", "short", "some", "sonnet", "sure", "tell", "than", "thank", "that", "their", "them", "then", "there", "these", "they", "this",
        "three", "tokens", "using", "verse", "very", "want", "what", "when", "where", "which", "will", "with", "without", "words", "would", "write", "your",
    ]);

    private static readonly string[] Otherwise = ["light", "morning", "question", "river", "window", "garden"];

    private readonly string[] words;
    private readonly Dice dice;

    public Topic(string prompt, Dice dice)
    {
        this.dice = dice;
        words = WordsOf(prompt.Length <= MostCharacters ? prompt : prompt[^MostCharacters..]);
    }

    /// <summary>The word the prompt is most about, as far as one can tell by length.</summary>
    public string Main => words.Length == 0 ? Otherwise[0] : words.MaxBy(word => word.Length)!;

    public string Word() => dice.Pick(words.Length == 0 ? Otherwise : words);

    private static string[] WordsOf(string prompt)
    {
        var found = new List<string>(MostWords);
        var start = -1;
        for (var i = 0; i <= prompt.Length && found.Count < MostWords; i++)
        {
            if (i < prompt.Length && char.IsLetter(prompt[i]))
            {
                start = start < 0 ? i : start;
                continue;
            }

            if (start >= 0 && i - start is > 3 and < 20 && prompt[start..i].ToLowerInvariant() is var word && !Fillers.Contains(word) && !found.Contains(word))
                found.Add(word);
            start = -1;
        }

        return [.. found];
    }
}
