using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

/// <summary>What can be said of an event when it is made as well as later.</summary>
internal sealed class EventOptions
{
    private const string Ever = "ever";

    public readonly Option<string> Name = Symbols.Text("--name", "TEXT", "What people call it.");
    public readonly Option<string> Start = Symbols.Text("--start", "TIME", "From when, as clocks show it there: 2026-05-01T09:00.");
    public readonly Option<string> End = Symbols.Text("--end", "TIME", "Until when, likewise.");
    public readonly Option<string> TimeZone = Symbols.Text("--time-zone", "ZONE", "Where those clocks are, such as Europe/Berlin.");
    public readonly Option<string[]> Models = Symbols.Names("--models", "MODEL,…", "Which models it has; the first of each kind is the default one, unless another of them is already.");
    public readonly Option<string> OrganiserName = Symbols.Text("--organiser", "NAME", "Whom attendees ask.");
    private readonly Option<string> description = Symbols.Text("--description", "MARKDOWN", "What attendees read about it.");
    private readonly Option<string> email = Symbols.Text("--email", "ADDRESS", "Where the organiser is asked.");
    private readonly Option<string> image = Symbols.Text("--image", "URL", "A picture for its page; an empty text takes it away.");
    private readonly Option<string> defaultChat = Symbols.Text("--default-chat", "MODEL", "Which model answers chat completions that name none.");
    private readonly Option<string> defaultCompletions = Symbols.Text("--default-completions", "MODEL", "The same for completions.");
    private readonly Option<string> defaultEmbeddings = Symbols.Text("--default-embeddings", "MODEL", "The same for embeddings.");
    private readonly Option<long?> outputCap = Symbols.Number("--output-cap", "The most output tokens of one request.");
    private readonly Option<long?> reasoningCap = Symbols.Number("--reasoning-output-cap", "The same for reasoning models.");
    private readonly Option<string> entrance = Symbols.OneOf("--entrance", "Who is let in by the event's code.", "anyUser", "sharedSecret", "keyOnly");
    private readonly Option<bool?> cuts = Symbols.Flag("--cut-in-flight", "Whether requests in flight are cut off when the event stops letting them in.");
    private readonly Option<bool?> hashes = Symbols.Flag("--hash-user-ids", "Whether user ids are kept as hashes only.");
    private readonly Option<long?> attendeeCap = Symbols.Number("--attendee-cap", "How many people may come in by code.");
    private readonly Option<string[]> origins = Symbols.Names("--origins", "URL,…", "From which web pages browsers may call; * is any.");

    private readonly AdmissionOptions admission = new();
    private readonly Option<string> streamMode = Symbols.OneOf(
        "--stream-mode", "How streams are passed on: byte by byte as from Azure, without what strict clients stumble over, or as each surface does by itself.",
        "faithful", "strict", "surface");

    private readonly Option<string> retention = Retention();

    public Verb AddTo(Verb verb)
    {
        foreach (var option in new Option[]
        {
            Name, Start, End, TimeZone, Models, defaultChat, defaultCompletions, defaultEmbeddings, OrganiserName, email, description, image,
            outputCap, reasoningCap, entrance, hashes, cuts, attendeeCap, origins, streamMode, retention,
        })
            verb.Add(option);
        return admission.AddTo(verb);
    }

    /// <summary>What was said, and nothing else.</summary>
    public Body Said(Invocation run)
    {
        var body = new Body()
            .Put("name", run.Get(Name))
            .Put("timeZone", run.Get(TimeZone))
            .Put("description", run.Get(description))
            .PutOrClear("imageUrl", run.Get(image))
            .Put("models", run.Has(Models) ? run.Get(Models) : null)
            .Put("outputCap", run.Get(outputCap))
            .Put("reasoningOutputCap", run.Get(reasoningCap))
            .Put("entrance", run.Get(entrance))
            .Put("hashesUserIds", run.Get(hashes))
            .Put("cutsInFlight", run.Get(cuts))
            .Put("attendeeCap", run.Get(attendeeCap))
            .Put("allowedOrigins", run.Has(origins) ? run.Get(origins) : null)
            .PutOrClear("streamMode", run.Get(streamMode) is "surface" ? "" : run.Get(streamMode))
            .Put("tokenAdmission", admission.Said(run));
        if (run.Get(retention) is { } days)
            body.Json["retentionDays"] = days == Ever ? null : int.Parse(days, CultureInfo.InvariantCulture);
        if (run.Get(Start) is { } start)
            body.Put("start", Moments.Wall(start, "--start"));
        if (run.Get(End) is { } end)
            body.Put("end", Moments.Wall(end, "--end"));
        return PutParts(body, "organiser", new Body().Put("name", run.Get(OrganiserName)).PutOrClear("email", run.Get(email)), "defaults", Defaults(run));
    }

    private Body Defaults(Invocation run) => new Body()
        .PutOrClear("chatCompletions", run.Get(defaultChat))
        .PutOrClear("completions", run.Get(defaultCompletions))
        .PutOrClear("embeddings", run.Get(defaultEmbeddings));

    private static Option<string> Retention()
    {
        var option = Symbols.Text(
            "--retention-days", $"N|{Ever}", $"For how many days it is known of each request what it used, 0 to 3650; {Ever} (the default) is without end. Sums stay.");
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var days] && days.Value != Ever && !int.TryParse(days.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                result.AddError($"--retention-days '{days.Value}' is no number of days: 0 to 3650, or {Ever}.");
        });
        return option;
    }

    private static Body PutParts(Body body, string firstName, Body first, string secondName, Body second) => body
        .Put(firstName, first.IsEmpty ? null : (JsonNode)first.Json)
        .Put(secondName, second.IsEmpty ? null : (JsonNode)second.Json);
}
