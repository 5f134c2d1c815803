using OpenAIProxy.Storage.Ledger;

namespace OpenAIProxy.Storage.Tests.Ledger;

/// <summary>Somebody who looks at a ledger's books and does not go away: whatever is asked of it meanwhile waits.</summary>
internal sealed class HeldBooks : IAsyncDisposable
{
    private readonly ManualResetEventSlim held = new();
    private readonly ManualResetEventSlim goOn = new();
    private readonly Task holding;

    public HeldBooks(SqliteLedger ledger)
    {
        holding = Task.Run(() => ledger.LookAsync(_ =>
        {
            held.Set();
            goOn.Wait();
        }));
        held.Wait();
    }

    /// <summary>Goes away, and waits until the books are given back.</summary>
    public Task ReleaseAsync()
    {
        goOn.Set();
        return holding;
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        held.Dispose();
        goOn.Dispose();
    }
}
