using System.Text.Json;
using System.Text.Json.Serialization;
using OpenAIProxy.Portal.Problems;

namespace OpenAIProxy.Portal.Events;

/// <summary>Wall time, as all times of events are written. One with an offset would be turned to the wall of the server's machine, which nobody meant.</summary>
internal sealed class WallTimeConverter : JsonConverter<DateTime>
{
    public const string Form = "wall time in the event's time zone, such as 2026-05-01T09:00, without Z or an offset.";

    /// <summary>For descriptions of the API.</summary>
    public const string Pattern = @"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$";

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out var time) && time.Kind == DateTimeKind.Unspecified
            ? time
            : throw new UnfitValueException(Form);

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
