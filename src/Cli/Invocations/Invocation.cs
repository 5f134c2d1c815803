using System.CommandLine;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Secrets;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Invocations;

/// <summary>One run of one command: what was typed, who is asked, and where the answer goes.</summary>
internal sealed class Invocation : IDisposable
{
    private readonly ParseResult parsed;
    private readonly Lazy<ManagementApi> api;

    // The pages of a list come one after another: they must be of one time.
    private readonly DateTimeOffset began;

    private Invocation(ParseResult parsed, Surroundings surroundings, CancellationToken cancellation)
    {
        this.parsed = parsed;
        Surroundings = surroundings;
        began = surroundings.Time.GetUtcNow();
        Cancellation = cancellation;
        // Late, because help for a shell and a wrong secret need no server.
        api = new(() => new ManagementApi(GlobalOptions.AdminUrl(parsed, surroundings), GlobalOptions.Token(parsed, surroundings), cancellation));
    }

    public Surroundings Surroundings { get; }

    public Terminal Terminal => Surroundings.Terminal;

    public CancellationToken Cancellation { get; }

    public ManagementApi Api => api.Value;

    public bool Json => parsed.GetValue<bool>(GlobalOptions.Json);

    public static async Task<int> RunAsync(Verb verb, ParseResult parsed, Surroundings surroundings, CancellationToken cancellation)
    {
        using var run = new Invocation(parsed, surroundings, cancellation);
        try
        {
            return await verb.ActAsync(run);
        }
        catch (CommandFailedException failed)
        {
            await surroundings.Terminal.Error.WriteLineAsync(run.Json && failed.Problem is not null ? failed.Problem : failed.Message);
            return failed.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await surroundings.Terminal.Error.WriteLineAsync("Interrupted.");
            return ExitCode.Interrupted;
        }
    }

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>A moment of <see cref="Symbols.Past"/> as the server wants it, the same however often it is asked for; null where the option is absent.</summary>
    /// <exception cref="CommandFailedException">It is none.</exception>
    public string? GetPast(Option<string> option) => Get(option) is { } typed
        ? Moments.Past(typed, option.Name, Surroundings.Time.LocalTimeZone, began)
        : null;

    public T Need<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public T Need<T>(Option<T> option) => parsed.GetRequiredValue(option);

    public T? Get<T>(string name) => parsed.GetValue<T>(name);

    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Reads the secret that an option names, or null where the option is absent.</summary>
    public async Task<string?> SecretAsync(Option<SecretReference> option) =>
        Get(option) is { } reference ? await reference.ReadAsync(Surroundings, Cancellation) : null;

    /// <summary>Prints one thing: the server's JSON, or its fields below each other.</summary>
    public async Task<int> ShowAsync(Answer answer, IReadOnlyList<Field> fields, string? headline = null)
    {
        if (Json)
            return await PrintAsync(answer.Text);
        if (headline is not null)
            await Terminal.Output.WriteLineAsync(Printable.From(headline));
        await Card.WriteAsync(Terminal, fields, answer.Object, Surroundings.Time.LocalTimeZone);
        return ExitCode.Ok;
    }

    /// <summary>Prints a sentence for people, or the server's JSON.</summary>
    public Task<int> SayAsync(Answer answer, string sentence) => PrintAsync(Json ? answer.Text : Printable.From(sentence));

    public async Task<int> PrintAsync(string text)
    {
        // 204 has no body: nothing is then the server's JSON.
        if (text.Length > 0)
            await Terminal.Output.WriteLineAsync(text.TrimEnd());
        return ExitCode.Ok;
    }

    /// <summary>What an action without an answer of its own prints with --json.</summary>
    public Task<int> SayAsync(JsonNode json, string sentence) => SayAsync(new Answer(json.ToJsonString(), json, null), sentence);

    /// <summary>On standard error, so that what a script reads is the answer alone.</summary>
    public Task NoteAsync(string sentence) => Terminal.Error.WriteLineAsync(Printable.From(sentence));

    /// <summary>Asks before what cannot be undone.</summary>
    /// <exception cref="CommandFailedException">The answer was no, or there is nobody to ask and --yes was not said.</exception>
    public async Task ConfirmAsync(string question)
    {
        if (parsed.GetValue<bool>(Symbols.YesName))
            return;
        if (!Terminal.IsInteractive)
            throw new CommandFailedException(ExitCode.WrongUsage, $"{Printable.From(question)} There is nobody to ask here: say --yes.");
        if (!await Terminal.AskYesAsync(question, Cancellation))
            throw new CommandFailedException(ExitCode.Refused, "Nothing was changed.");
    }

    public void Dispose()
    {
        if (api.IsValueCreated)
            api.Value.Dispose();
    }
}
