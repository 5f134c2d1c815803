using System.Text;

namespace OpenAIProxy.Simulator.Text;

/// <summary>Writes an answer to a prompt: the same for the same prompt, seed and number of the choice, another for any other.</summary>
internal static class Author
{
    private static readonly string[] PoemWords = ["poem", "verse", "haiku", "sonnet", "rhyme", "limerick", "ballad", "lyrics"];

    /// <param name="prompt">What the answer depends on.</param>
    /// <param name="question">What it is about: the end of the prompt.</param>
    public static string Write(string prompt, string question, ulong seed, int choice)
    {
        var dice = new Dice(Hash.Of(prompt, Hash.Mix(seed) ^ (ulong)choice));
        var topic = new Topic(question, dice);
        var isPoem = Array.Exists(PoemWords, word => question.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (Triggers.WantedTokens(question) is { } wanted)
            return OfLength(wanted, isPoem, topic, dice);
        return Piece(isPoem, topic, dice);
    }

    private static string OfLength(int tokens, bool isPoem, Topic topic, Dice dice)
    {
        var text = new StringBuilder();
        var written = 0;
        while (written < tokens)
        {
            var piece = Piece(isPoem, topic, dice) + "\n\n";
            written += Tokenizer.Count(piece);
            text.Append(piece);
        }

        var whole = text.ToString();
        return whole[..Tokenizer.LengthOf(whole, tokens)];
    }

    private static string Piece(bool isPoem, Topic topic, Dice dice) => isPoem ? Verse.Write(topic, dice) : Prose.Write(topic, dice);
}
