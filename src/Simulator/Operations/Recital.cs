using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>Plays choices token by token, side by side, in the time the model takes, and counts what has been sent.</summary>
internal static class Recital
{
    // What nobody sees is counted in pieces, so that a client that goes meanwhile is charged for what was made so far.
    private const int HiddenTokens = 16;

    /// <returns>False if the stream has been broken off.</returns>
    public static async Task<bool> PlayAsync(Call call, IReadOnlyList<Choice> choices, Func<Choice, Emission, ValueTask<bool>> send)
    {
        var players = choices.Select(choice => (Choice: choice, Emissions: Emissions(choice).GetEnumerator())).ToList();
        while (players.Count > 0)
        {
            players.RemoveAll(player => !player.Emissions.MoveNext());
            var longest = 0;
            foreach (var (_, emissions) in players)
                longest = Math.Max(longest, emissions.Current.Tokens);
            call.Cancellation.ThrowIfCancellationRequested();
            await call.Pace.TokensAsync(longest, call.Cancellation);
            foreach (var (choice, emissions) in players)
            {
                var emission = emissions.Current;
                if (emission.Kind != EmissionKind.Hidden && !await send(choice, emission))
                    return false;
                call.Entry.CompletionTokens += emission.Tokens;
            }
        }

        return true;
    }

    private static IEnumerable<Emission> Emissions(Choice choice)
    {
        for (var left = choice.ReasoningTokens + choice.RejectedTokens; left > 0; left -= HiddenTokens)
            yield return new(EmissionKind.Hidden, null, default, Math.Min(left, HiddenTokens));
        yield return new(EmissionKind.Start, choice.Segments.Count > 0 ? choice.Segments[0] : null, default, 0);
        foreach (var segment in choice.Segments)
        {
            if (segment.Kind != SegmentKind.Content)
                yield return new(EmissionKind.CallStart, segment, default, segment.NameTokens);
            var rest = segment.Text.AsMemory();
            while (!rest.IsEmpty)
            {
                var length = Tokenizer.NextLength(rest.Span);
                yield return new(EmissionKind.Piece, segment, rest[..length], 1);
                rest = rest[length..];
            }
        }

        yield return new(EmissionKind.Finish, null, default, 0);
    }
}
