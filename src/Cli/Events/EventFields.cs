using System.Text.Json.Nodes;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Events;

/// <summary>What there is to see of an event.</summary>
internal static class EventFields
{
    public static readonly IReadOnlyList<Field> InList =
    [
        Field.Text("Code", "code"),
        Field.Text("Name", "name"),
        Field.Text("Standing", "standing"),
        Field.Time("Opens", "opensAt"),
        Field.Time("Ends", "endsAt"),
        Field.Number("Attendees", "attendeeCount"),
        Field.Text("Owner", "owner"),
    ];

    public static readonly IReadOnlyList<Field> OfOne =
    [
        Field.Text("Code", "code"),
        Field.Text("Name", "name"),
        Field.Text("Standing", "standing"),
        Field.Text("Description", "description"),
        Field.Text("Organiser", "organiser", "name"),
        Field.Text("E-mail", "organiser", "email"),
        Field.Text("Owner", "owner"),
        Field.Text("Co-organisers", "coOrganisers"),
        Field.Time("Opens", "opensAt"),
        Field.Time("Ends", "endsAt"),
        Field.Text("Models", "models"),
        Field.Text("Defaults", "defaults"),
        Field.Number("Output cap", "outputCap"),
        Field.Number("Reasoning cap", "reasoningOutputCap"),
        Field.Text("Entrance", "entrance"),
        Field.YesNo("Shared secret", "hasSharedSecret"),
        Field.Text("Token tenant", "tokenAdmission", "tenantId"),
        Field.Text("Token audiences", "tokenAdmission", "audiences"),
        Field.Text("Token groups", "tokenAdmission", "groups"),
        Field.Text("Token roles", "tokenAdmission", "roles"),
        Field.Text("Token authority", "tokenAdmission", "authority"),
        Field.YesNo("Hashes user ids", "hashesUserIds"),
        Field.YesNo("Cuts in flight", "cutsInFlight"),
        Field.Number("Attendees", "attendeeCount"),
        Field.Number("At most", "attendeeCap"),
        Field.Text("Stream mode", "streamMode"),
        new("Entries kept", (row, _) => row["retentionDays"] is JsonValue days ? $"{days} days" : "for ever"),
        Field.Text("Origins", "allowedOrigins"),
        Field.Text("Image", "imageUrl"),
        Field.Time("Created", "createdAt"),
        Field.Time("Changed", "changedAt"),
    ];
}
