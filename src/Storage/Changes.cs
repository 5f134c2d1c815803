using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sql;
using OpenAIProxy.Storage.Sqlite;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Storage;

/// <summary>
/// The one way to change the configuration. A change is in force when its task completes: the very next request sees it.
/// Changes happen one after another. Thread-safe; a change must not wait for another one made inside it.
/// </summary>
public sealed class Changes
{
    private readonly SqliteDatabase database;
    private readonly SnapshotLoader loader;
    private readonly SecretProtection secrets;
    private readonly LiveSnapshot live;
    private readonly KeyRing keyRing;
    private readonly ApiTokens tokens;
    private readonly TimeProvider time;

    internal Changes(
        SqliteDatabase database, SnapshotLoader loader, SecretProtection secrets, LiveSnapshot live, KeyRing keyRing, ApiTokens tokens, TimeProvider time)
    {
        this.database = database;
        this.loader = loader;
        this.secrets = secrets;
        this.live = live;
        this.keyRing = keyRing;
        this.tokens = tokens;
        this.time = time;
    }

    /// <summary>A change that the program makes by itself; people's changes have an <see cref="Actor"/>.</summary>
    /// <inheritdoc cref="MakeAsync(Actor, Func{Change, Task}, CancellationToken)"/>
    public Task MakeAsync(Func<Change, Task> write, CancellationToken cancellation) => MakeAsync(Actor.Server, write, cancellation);

    /// <param name="actor">Who does it: what they may not touch is refused, and what they do is written to the audit trail.</param>
    /// <exception cref="ChangeRefusedException">It makes no sense, or would break an event that works; nothing has changed.</exception>
    /// <exception cref="ChangeConflictException">Somebody else was faster; nothing has changed.</exception>
    /// <exception cref="StorageUnavailableException">It could not be written; nothing has changed.</exception>
    public Task MakeAsync(Actor actor, Func<Change, Task> write, CancellationToken cancellation) =>
        MakeAsync(
            actor,
            async change =>
            {
                await write(change);
                return true;
            },
            cancellation);

    /// <inheritdoc cref="MakeAsync(Actor, Func{Change, Task}, CancellationToken)"/>
    /// <returns>What <paramref name="write"/> returned, such as the text of a new key.</returns>
    public async Task<T> MakeAsync<T>(Actor actor, Func<Change, Task<T>> write, CancellationToken cancellation)
    {
        var done = await database.WriteAsync(statements => WriteAsync(actor, write, statements), PutInForce, cancellation);
        return done.Result;
    }

    /// <summary>Makes the change, with all that could refuse it, and then takes it back: nothing has changed in any case.</summary>
    /// <inheritdoc cref="MakeAsync{T}(Actor, Func{Change, Task{T}}, CancellationToken)"/>
    public async Task<T> RehearseAsync<T>(Actor actor, Func<Change, Task<T>> write, CancellationToken cancellation)
    {
        try
        {
            _ = await database.WriteAsync<Done<T>>(
                async statements => throw new Rehearsed<T>((await WriteAsync(actor, write, statements)).Result), PutInForce, cancellation);
            throw new InvalidOperationException("A rehearsal was written.");
        }
        catch (Rehearsed<T> rehearsed)
        {
            return rehearsed.Result;
        }
    }

    private async Task<Done<T>> WriteAsync<T>(Actor actor, Func<Change, Task<T>> write, Statements statements)
    {
        var change = new Change(statements, secrets, actor, time);
        var result = await write(change);
        // What is recorded nowhere has not happened: the configuration is the one that it was.
        if (change.Trail.Entries.Count == 0)
            return new Done<T>(change, null, result);
        await change.NextVersionAsync();
        // Loaded before the commit, so that what cannot be loaded is never committed.
        var loaded = await loader.LoadAsync(statements);
        RefuseBroken(change, loaded);
        return new Done<T>(change, loaded.Snapshot, result);
    }

    // An event that was broken before (by a hand at the database, say) must not stop all other changes.
    private void RefuseBroken(Change change, LoadedSnapshot loaded)
    {
        foreach (var (code, reason) in loaded.SkippedEvents)
            if (change.Events.Written.Contains(code) || IsInForce(code))
                throw new ChangeRefusedException(WhyRefused.InUse, nameof(Tables.Events), $"event '{code}' would not work any more: {reason}");
    }

    private bool IsInForce(string code) => EventCode.TryParse(code, out var parsed) && live.Current.FindEvent(parsed) is not null;

    private void PutInForce<T>(Done<T> done)
    {
        if (done.Snapshot is { } snapshot)
            live.Replace(snapshot);
        keyRing.Together(done.Change.KeyRingChanges);
        foreach (var learn in done.Change.TokenChanges)
            learn(tokens);
    }

    private sealed record Done<T>(Change Change, Snapshot? Snapshot, T Result);

#pragma warning disable CA1064 // It never leaves this class: an exception is how a transaction is taken back.
    private sealed class Rehearsed<T>(T result) : Exception
#pragma warning restore CA1064
    {
        public T Result => result;
    }
}
