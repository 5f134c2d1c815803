using System.Text.Json;
using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Latency;
using OpenAIProxy.Simulator.Recorder;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>An admitted request, with all that an operation needs to answer it.</summary>
/// <param name="Body">A JSON object.</param>
/// <param name="Seed">Of the texts.</param>
/// <param name="Now">Unix seconds, for <c>created</c>.</param>
internal sealed record Call(
    HttpContext Http, Entry Entry, Operation Operation, Deployment Deployment, ApiVersion ApiVersion,
    JsonElement Body, Outlet Outlet, Pace Pace, ulong Seed, long Now)
{
    public CancellationToken Cancellation => Http.RequestAborted;

    public Model Model => Deployment.Model;

    /// <summary>Writes for as long as the model takes; all choices are written side by side.</summary>
    /// <param name="tokensByChoice">How many each has.</param>
    public async Task GenerateAsync(IReadOnlyList<int> tokensByChoice)
    {
        var longest = tokensByChoice.Max();
        TimeSpan? begin = null;
        try
        {
            Cancellation.ThrowIfCancellationRequested();
            await Pace.FirstTokenAsync(Cancellation);
            begin = Pace.Due;
            await Pace.TokensAsync(longest, Cancellation);
            Entry.CompletionTokens = tokensByChoice.Sum();
        }
        catch (OperationCanceledException)
        {
            // What has been written by now has been written, whether or not anyone reads it. Before the first token that is nothing.
            var share = begin is not { } first || Pace.Due <= first ? 0 : Math.Clamp((Pace.Elapsed - first) / (Pace.Due - first), 0, 1);
            Entry.CompletionTokens = tokensByChoice.Sum(tokens => (int)Math.Min(tokens, share * longest));
            throw;
        }
    }
}
