using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>
/// The asynchronous content filter: text is sent at once, and what the filter has found follows in chunks of its own, some of them
/// behind the finish reason. What it blocks it ends with its own finish reason.
/// </summary>
/// <param name="promptCharacters">Offsets count from the beginning of the prompt.</param>
internal sealed class AsyncFilter(Call call, ChatChunks chunks, int choices, int promptCharacters)
{
    // Ours: the service does not say how much it looks at together.
    private const int PiecesTogether = 20;
    private readonly int[] pieces = new int[choices];
    private readonly int[] sent = new int[choices];
    private readonly int[] annotated = new int[choices];

    /// <summary>Chats of the shape of 2024 have it, when the plan says so.</summary>
    public static bool IsOn(Call call) => call.Outlet.FaultKind == FaultKind.AsyncFilter && !call.ApiVersion.IsOfOldShape;

    /// <returns>False if the stream has been broken off.</returns>
    public async ValueTask<bool> SendAsync(Choice choice, Emission emission)
    {
        var index = choice.Index;
        if (emission.Kind == EmissionKind.Finish && choice.IsFiltered)
            return await AnnotateAsync(index, FilterResults.Blocked, isBlocked: true);
        if (!await call.Outlet.SendEventAsync(chunks.Of(choice, emission)))
            return false;
        if (emission is { Kind: EmissionKind.Piece, Segment.Kind: SegmentKind.Content })
        {
            sent[index] += emission.Text.Length;
            pieces[index]++;
            return pieces[index] % PiecesTogether != 0 || await MarkAsync(index);
        }

        // Calls are not text and are not filtered.
        return emission.Kind != EmissionKind.Finish || sent[index] == 0 || await MarkLastAsync(index);
    }

    private async ValueTask<bool> MarkAsync(int index)
    {
        var isWhole = await AnnotateAsync(index, FilterResults.Safe, isBlocked: false);
        annotated[index] = sent[index];
        return isWhole;
    }

    private async ValueTask<bool> MarkLastAsync(int index) =>
        await AnnotateAsync(index, FilterResults.Safe, isBlocked: false) && await AnnotateAsync(index, FilterResults.NoProtectedMaterial, isBlocked: false);

    private ValueTask<bool> AnnotateAsync(int index, string results, bool isBlocked) => call.Outlet.SendEventAsync(
        chunks.Annotation(index, promptCharacters + annotated[index], promptCharacters + sent[index], results, isBlocked));
}
