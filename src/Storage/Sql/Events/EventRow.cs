using System.Globalization;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Storage.Sql.Events;

internal sealed class EventRow
{
    public const string Select = """
        SELECT code AS Code, name AS Name, description AS Description, organiser_name AS OrganiserName, organiser_email AS OrganiserEmail,
               image_url AS ImageUrl, start_wall AS StartWall, end_wall AS EndWall, time_zone AS TimeZone, state AS State,
               output_cap AS OutputCap, reasoning_output_cap AS ReasoningOutputCap, entrance AS Entrance,
               shared_secret_hash AS SharedSecretHash, hashes_user_ids AS HashesUserIds, cuts_in_flight AS CutsInFlight, secret_encrypted AS SecretEncrypted,
               attendee_cap AS AttendeeCap, stream_mode AS StreamMode, retention_days AS RetentionDays, token_tenant AS TokenTenant, token_authority AS TokenAuthority, owner AS Owner, version AS Version, created_at AS CreatedAt, changed_at AS ChangedAt
        """;

    public string Code { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public string OrganiserName { get; init; } = "";

    public string? OrganiserEmail { get; init; }

    public string? ImageUrl { get; init; }

    public string StartWall { get; init; } = "";

    public string EndWall { get; init; } = "";

    public string TimeZone { get; init; } = "";

    public long State { get; init; }

    public long OutputCap { get; init; }

    public long ReasoningOutputCap { get; init; }

    public long Entrance { get; init; }

    public byte[]? SharedSecretHash { get; init; }

    public long HashesUserIds { get; init; }

    public long CutsInFlight { get; init; }

    public byte[] SecretEncrypted { get; init; } = [];

    public long AttendeeCap { get; init; }

    public long? StreamMode { get; init; }

    public long? RetentionDays { get; init; }

    public string? TokenTenant { get; init; }

    public string? TokenAuthority { get; init; }

    public string? Owner { get; init; }

    public long Version { get; init; }

    public long CreatedAt { get; init; }

    public long ChangedAt { get; init; }

    // What other tables hold of the event, in its order.
    public IReadOnlyList<string> Models { get; set; } = [];

    public IReadOnlyList<(long Operation, string Model)> Defaults { get; set; } = [];

    public IReadOnlyList<string> Origins { get; set; } = [];

    public IReadOnlyList<(long Claim, string Value)> TokenClaims { get; set; } = [];

    public IReadOnlyList<string> CoOrganisers { get; set; } = [];

    /// <exception cref="FormatException">A wall time is not one.</exception>
    public EventDefinition Definition() => new()
    {
        Code = Code,
        Name = Name,
        Description = Description,
        Organiser = new Organiser(OrganiserName, OrganiserEmail),
        ImageUrl = ImageUrl,
        Start = ReadWallTime(StartWall),
        End = ReadWallTime(EndWall),
        TimeZone = TimeZone,
        State = (EventState)checked((int)State),
        Models = Models,
        Defaults = Defaults.ToDictionary(d => (Operation)checked((int)d.Operation), d => d.Model),
        OutputCap = OutputCap,
        ReasoningOutputCap = ReasoningOutputCap,
        Entrance = (Entrance)checked((int)Entrance),
        HashesUserIds = HashesUserIds != 0,
        CutsInFlight = CutsInFlight != 0,
        AttendeeCap = checked((int)AttendeeCap),
        AllowedOrigins = Origins,
        TokenAdmission = TokenAdmission(),
        StreamMode = StreamMode is { } mode ? (StreamMode)checked((int)mode) : null,
        RetentionDays = RetentionDays is { } days ? checked((int)days) : null,
    };

    public static string WriteWallTime(DateTime time) => time.ToString(WallTimeFormat, CultureInfo.InvariantCulture);

    private TokenAdmissionDefinition? TokenAdmission() => TokenTenant is null ? null : new TokenAdmissionDefinition
    {
        TenantId = TokenTenant,
        Audiences = ValuesOf(TokenClaim.Audience),
        Groups = ValuesOf(TokenClaim.Group),
        Roles = ValuesOf(TokenClaim.Role),
        Authority = TokenAuthority,
    };

    private List<string> ValuesOf(TokenClaim claim) => [.. TokenClaims.Where(c => c.Claim == (long)claim).Select(c => c.Value)];

    private static DateTime ReadWallTime(string text) =>
        DateTime.ParseExact(text, WallTimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None);

    // Without a fraction where there is none: as people would write it.
    private const string WallTimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";
}
