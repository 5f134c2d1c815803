using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Storage.Sql.Events;

/// <summary>Makes a domain event of a definition, or says which field is wrong. Loading and putting use the same one.</summary>
internal static class EventCheck
{
    private const int LongestName = 200;
    private const int LongestDescription = 20_000;
    private const int LongestUrl = 2_048;
    private const int LongestZone = 64;

    // Some hours at both ends of what a date can hold have no instant in every zone.
    private const int FirstYear = 2;
    private const int LastYear = 9_998;

    /// <param name="stored">
    /// The event as it is stored: rules that came later do not judge what is in it already, so that it is loaded and can be paused and closed. Null is a new one.
    /// </param>
    /// <param name="find">The offer of a model by its name in the catalogue, or null.</param>
    /// <exception cref="ChangeRefusedException">Fields make no sense; it names all of them.</exception>
    public static Event ToEvent(
        EventDefinition definition, EventDefinition? stored, EventSecret secret, byte[]? sharedSecretHash, Func<string, Offer?> find, IReadOnlyList<Limit>? limits = null)
    {
        var errors = new List<FieldError>();
        var code = Code(definition.Code, errors);
        CheckNames(definition, stored, errors);
        CheckTexts(definition, errors);
        CheckWords(definition, errors);
        CheckNumbers(definition, stored, errors);
        CheckOrigins(definition.AllowedOrigins, errors);
        if (definition.TokenAdmission is { } admission)
            errors.AddRange(TokenAdmissionCheck.Errors(admission));
        // A draft may wait for its secret, such as a copy, which must not have the other event's.
        if (definition.Entrance == Entrance.SharedSecret && sharedSecretHash is null && definition.State != EventState.Draft)
            errors.Add(Error(nameof(definition.SharedSecret), "people are to come in with a shared secret, so there must be one."));
        var window = Window(definition, errors);
        var models = Models(definition, find, errors);
        if (errors.Count > 0)
            throw new ChangeRefusedException(errors);
        return new Event
        {
            Code = code,
            Name = definition.Name,
            Description = definition.Description,
            Organiser = definition.Organiser,
            ImageUrl = definition.ImageUrl,
            Window = window!,
            State = definition.State,
            Models = models!,
            OutputCap = definition.OutputCap,
            ReasoningOutputCap = definition.ReasoningOutputCap,
            Entrance = definition.Entrance,
            SharedSecretHash = sharedSecretHash is { } hash ? hash : default(ReadOnlyMemory<byte>?),
            HashesUserIds = definition.HashesUserIds,
            CutsInFlight = definition.CutsInFlight,
            Secret = secret,
            AttendeeCap = definition.AttendeeCap,
            Limits = limits ?? [],
            AllowedOrigins = definition.AllowedOrigins,
            TokenAdmission = definition.TokenAdmission is null ? null : TokenAdmissionCheck.Admission(definition.TokenAdmission),
            StreamMode = definition.StreamMode,
        };
    }

    public static EventCode Code(string text)
    {
        var errors = new List<FieldError>();
        var code = Code(text, errors);
        return errors.Count == 0 ? code : throw new ChangeRefusedException(errors);
    }

    /// <exception cref="ChangeRefusedException">It makes no sense.</exception>
    public static EventWindow Window(EventDefinition definition)
    {
        var errors = new List<FieldError>();
        return Window(definition, errors) ?? throw new ChangeRefusedException(errors);
    }

    private static EventCode Code(string text, List<FieldError> errors)
    {
        if (!EventCode.TryParse(text, out var code))
            errors.Add(Error(nameof(EventDefinition.Code), $"'{text}' is not an event code: {EventCode.Rule}."));
        return code;
    }

    private static void CheckNames(EventDefinition definition, EventDefinition? stored, List<FieldError> errors)
    {
        if (definition.Name != stored?.Name && !Names.IsName(definition.Name, LongestName))
            errors.Add(Error(nameof(definition.Name), $"{Names.Rule(LongestName)}."));
        if (definition.Organiser != stored?.Organiser && !IsOrganiser(definition.Organiser))
            errors.Add(Error(nameof(definition.Organiser), $"a name of {Names.Rule(LongestName)}, and an e-mail address likewise or none."));
    }

    private static bool IsOrganiser(Organiser organiser) =>
        Names.IsName(organiser.Name, LongestName) && (organiser.Email is null || Names.IsName(organiser.Email, LongestName));

    private static void CheckTexts(EventDefinition definition, List<FieldError> errors)
    {
        if (definition.Description.Length > LongestDescription)
            errors.Add(Error(nameof(definition.Description), $"at most {LongestDescription} characters."));
        if (definition.ImageUrl is { } url && (url.Length > LongestUrl || !IsWebAddress(url)))
            errors.Add(Error(nameof(definition.ImageUrl), "an absolute http or https URL, or none."));
    }

    private static void CheckWords(EventDefinition definition, List<FieldError> errors)
    {
        if (!Enum.IsDefined(definition.State))
            errors.Add(Error(nameof(definition.State), $"this version knows no state {(int)definition.State}."));
        if (!Enum.IsDefined(definition.Entrance))
            errors.Add(Error(nameof(definition.Entrance), $"this version knows no entrance {(int)definition.Entrance}."));
        if (definition.StreamMode is { } mode && !Enum.IsDefined(mode))
            errors.Add(Error(nameof(definition.StreamMode), $"this version knows no stream mode {(int)mode}."));
    }

    private static void CheckNumbers(EventDefinition definition, EventDefinition? stored, List<FieldError> errors)
    {
        if (!CanBeCounted(definition.OutputCap, stored?.OutputCap))
            errors.Add(Error(nameof(definition.OutputCap), $"1 to {Limit.MaxCap} tokens."));
        if (!CanBeCounted(definition.ReasoningOutputCap, stored?.ReasoningOutputCap))
            errors.Add(Error(nameof(definition.ReasoningOutputCap), $"1 to {Limit.MaxCap} tokens."));
        if (definition.AttendeeCap < 1)
            errors.Add(Error(nameof(definition.AttendeeCap), "at least 1 attendee."));
        if (definition.RetentionDays is < 0 or > Retention.MostDays)
            errors.Add(Error(nameof(definition.RetentionDays), $"0 to {Retention.MostDays} days, or null for ever."));
    }

    // More could not be added up; of what is stored already, the smaller limits hold before that.
    private static bool CanBeCounted(long number, long? stored) => number >= 1 && (number <= Limit.MaxCap || number == stored);

    private static void CheckOrigins(IReadOnlyList<string> origins, List<FieldError> errors)
    {
        foreach (var origin in origins)
            if (origin != "*" && (origin.Length > LongestUrl || !IsWebAddress(origin) || !IsOrigin(new Uri(origin), origin)))
                errors.Add(Error(nameof(EventDefinition.AllowedOrigins), $"'{origin}' is not an origin such as https://app.example, and not *."));
        if (origins.Distinct(StringComparer.OrdinalIgnoreCase).Count() != origins.Count)
            errors.Add(Error(nameof(EventDefinition.AllowedOrigins), "each origin once."));
    }

    // A browser's Origin header is scheme, host and port, and nothing else; anything else here would never match.
    private static bool IsOrigin(Uri uri, string origin) =>
        string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase);

    private static bool IsWebAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    private static EventWindow? Window(EventDefinition definition, List<FieldError> errors)
    {
        if (Zone(definition.TimeZone) is not { } zone)
        {
            errors.Add(Error(nameof(EventDefinition.TimeZone), $"there is no time zone '{definition.TimeZone}'; names are like Europe/Berlin or UTC."));
            return null;
        }
        try
        {
            return new EventWindow(definition.Start, definition.End, zone);
        }
        catch (ArgumentOutOfRangeException)
        {
            errors.Add(Error(definition.Start.Year < FirstYear ? nameof(definition.Start) : nameof(definition.End), $"a year from {FirstYear} to {LastYear}."));
            return null;
        }
        catch (ArgumentException e)
        {
            errors.Add(Error(nameof(definition.End), Sentence(e)));
            return null;
        }
    }

    // The name becomes a path below the system's zones: what is not a zone's name is not tried.
    private static TimeZoneInfo? Zone(string id) =>
        id.Length <= LongestZone && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
        && !id.StartsWith('/') && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId
            ? zone
            : null;

    private static EventModels? Models(EventDefinition definition, Func<string, Offer?> find, List<FieldError> errors)
    {
        var unknown = definition.Models.Where(name => find(name) is null).ToList();
        foreach (var name in unknown)
            errors.Add(Error(nameof(definition.Models), $"there is no model '{name}'."));
        foreach (var operation in definition.Defaults.Keys.Where(o => !Enum.IsDefined(o)))
            errors.Add(Error(nameof(definition.Defaults), $"this version knows no operation {(int)operation}."));
        if (unknown.Count > 0)
            return null;
        try
        {
            return new EventModels([.. definition.Models.Select(name => find(name)!)], definition.Defaults);
        }
        catch (ArgumentException e)
        {
            errors.Add(Error(e.ParamName == "offers" ? nameof(definition.Models) : nameof(definition.Defaults), Sentence(e)));
            return null;
        }
    }

    // ArgumentException adds the parameter's name, which is nobody's business.
    private static string Sentence(ArgumentException e)
    {
        var end = e.Message.LastIndexOf(" (Parameter", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    private static FieldError Error(string field, string reason) => new(field, reason);
}
