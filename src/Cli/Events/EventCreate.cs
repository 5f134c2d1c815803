using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Catalog;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Secrets;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Events;

/// <summary>Makes an event. Only the code has no default; a person at a terminal is asked for the rest that was not said.</summary>
internal static class EventCreate
{
    private const string UsualLength = "7d";

    public static Verb Create()
    {
        var code = Symbols.EventCode();
        code.Arity = ArgumentArity.ZeroOrOne;
        var options = new EventOptions();
        var length = Symbols.Text("--for", "DURATION", $"How long, instead of --end: {Moments.DurationForm}. Default: {UsualLength}");
        var secret = Symbols.Secret("--shared-secret", "What attendees say besides the code; makes --entrance sharedSecret.");
        var open = new Option<bool>("--open") { Description = "Open it at once; otherwise it is a draft." };
        return options.AddTo(new(
            "create",
            "Makes an event. Without more than a code: named like the code, from now for 7 days in this machine's time zone, "
                + "with every model that has a deployment.",
            """
            openai-proxy event create hack --open
            openai-proxy event create hack --name "Hack day" --start 2026-05-01T09:00 --for 2d --time-zone Europe/Berlin --models gpt-4o,gpt-4o-mini --open
            """,
            run => RunAsync(run, new(code, options, length, secret, open)))
        {
            code, length, secret, open, Symbols.Yes(),
        });
    }

    private static async Task<int> RunAsync(Invocation run, Symbol all)
    {
        var asks = run.Terminal.IsInteractive && !run.Get<bool>(Symbols.YesName);
        if (run.Has(all.Length) && run.Has(all.Options.End))
            throw new CommandFailedException(ExitCode.WrongUsage, "--end and --for say the same: give one of them.");
        if (!asks && run.Get(all.Code) is null)
            throw new CommandFailedException(ExitCode.WrongUsage, "Which code? For example: openai-proxy event create hack");
        var secret = await run.SecretAsync(all.Secret);
        // Before any question: nobody should answer six of them and then learn that the server is not there.
        var me = asks || !run.Has(all.Options.OrganiserName) ? (await run.Api.GetAsync(ApiPath.Of($"whoami"))).Object : [];
        var code = run.Get(all.Code) ?? await run.Terminal.AskAsync("Code that attendees type", null, typed => typed, run.Cancellation);
        var body = all.Options.Said(run);
        body.Put("code", code);
        await CompleteAsync(run, all, body.Json, code, asks, me);
        if (secret is not null)
        {
            body.Put("sharedSecret", secret);
            body.Json["entrance"] ??= "sharedSecret";
        }
        body.Put("state", run.Get(all.Open) ? "open" : "draft");
        var answer = await run.Api.PostAsync(ApiPath.Of($"events"), body.Json);
        await run.ShowAsync(answer, EventFields.OfOne, $"Event {code} is made.");
        await run.NoteAsync(Next(answer.Object, code));
        // An open one says when it ends already; of a wrong year in its dates nobody would learn before the day.
        if (answer.Object["standing"]?.ToString() is "notYetOpen" or "over" && Standing.Sentence(answer.Object) is { } sentence)
            await run.NoteAsync(sentence);
        if (answer.Object["tokenAdmission"] is JsonObject)
            await run.NoteAsync($"Who signs in with Entra ID calls with the headers  Authorization: Bearer TOKEN  and  openai-event-code: {code}");
        return ExitCode.Ok;
    }

    // 1. name, 2. zone, 3. start, 4. end, 5. models, 6. defaults, 7. organiser
    private static async Task CompleteAsync(Invocation run, Symbol all, JsonObject body, string code, bool asks, JsonObject me)
    {
        // 1.
        body["name"] ??= await AskAsync(run, asks, "Name", code);
        // 2.
        var local = run.Surroundings.Time.LocalTimeZone;
        body["timeZone"] ??= await AskAsync(run, asks, "Time zone", Zones.NameOf(local), typed => ZoneOf(typed) is { HasIanaId: true } known ? known.Id : typed);
        var zone = ZoneOf(body["timeZone"]!.ToString());
        // 3.
        var now = TimeZoneInfo.ConvertTime(run.Surroundings.Time.GetUtcNow(), zone).DateTime;
        body["start"] ??= await AskAsync(run, asks, "Starts", Wall(now), typed => Moments.Wall(typed, "--start"));
        // 4.
        var start = Moments.ParseWall(body["start"]!.ToString(), "--start");
        var length = Moments.Duration(run.Get(all.Length) ?? UsualLength, "--for");
        body["end"] ??= await AskAsync(run, asks && !run.Has(all.Length), "Ends", Wall(Moments.EndOf(start, length, "--start")), typed => WallAfter(start, typed));
        // 5.
        var catalogue = await ModelCatalogue.ReadAsync(run);
        if (body["models"] is null)
        {
            var deployed = EventModelChoice.Deployed(catalogue);
            if (deployed.Length == 0)
                throw new CommandFailedException(ExitCode.Refused, "No model has a deployment yet. First: openai-proxy backend add NAME --endpoint URL --key env:NAME --deploy gpt-4o");
            var chosen = await AskAsync(run, asks, "Models", string.Join(',', deployed), typed => EventModelChoice.Known(typed, catalogue));
            body["models"] = new JsonArray([.. EventModelChoice.Names(chosen).Select(m => (JsonNode?)m)]);
        }
        // 6.
        var defaults = EventModelChoice.Defaults([.. body["models"]!.AsArray().Select(m => m!.ToString())], catalogue);
        foreach (var (operation, model) in body["defaults"] as JsonObject ?? [])
            defaults[operation] = model?.DeepClone();
        body["defaults"] = defaults;
        // 7.
        if (body["organiser"]?["name"] is null)
        {
            var name = await AskAsync(run, asks, "Organiser", me["organiser"]?.ToString() ?? me["name"]?.ToString() ?? "The organisers");
            (body["organiser"] ??= new JsonObject())["name"] = name;
        }
    }

    private static async Task<string> AskAsync(Invocation run, bool asks, string question, string suggestion, Func<string, string>? read = null) =>
        asks ? await run.Terminal.AskAsync(question, suggestion, read ?? (typed => typed), run.Cancellation) : suggestion;

    // Asked again at once: after the last question it would be refused, and all answers lost.
    private static string WallAfter(DateTime start, string typed) => Moments.ParseWall(typed, "--end") is var end && end > start
        ? Wall(end)
        : throw new CommandFailedException(ExitCode.WrongUsage, $"--end '{typed}' is not after the start.");

    private static TimeZoneInfo ZoneOf(string id) => Zones.Find(id)
        ?? throw new CommandFailedException(ExitCode.WrongUsage, $"--time-zone '{id}' is not known: give one like Europe/Berlin.");

    private static string Wall(DateTime time) => time.ToString(Zones.WallTime, CultureInfo.InvariantCulture);

    private static string Next(JsonObject made, string code) => (made["standing"]?.ToString(), made["entrance"]?.ToString()) switch
    {
        ("draft", _) => $"It is a draft: openai-proxy event open {code}",
        (_, "keyOnly") => $"Give each attendee a key: openai-proxy key issue {code} NAME",
        (_, "sharedSecret") => $"Attendees call with the header  openai-event-code: {code}@SECRET/THEIR-NAME",
        _ => $"Attendees call with the header  openai-event-code: {code}/THEIR-NAME",
    };

    private sealed record Symbol(
        Argument<string> Code, EventOptions Options, Option<string> Length, Option<SecretReference> Secret, Option<bool> Open);
}
