using System.Text.Json;
using System.Text.Json.Serialization;
using OpenAIProxy.Portal.Problems;

namespace OpenAIProxy.Portal.Lists;

/// <summary>A moment says where it is counted from. One that does not would be read by the clock of the server's machine, which nobody meant.</summary>
internal sealed class MomentConverter : JsonConverter<DateTimeOffset>
{
    // What has neither is a DateTime of no kind.
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out var time) && time.Kind != DateTimeKind.Unspecified && reader.TryGetDateTimeOffset(out var moment)
            ? moment
            : throw new UnfitValueException($"{Moment.Form}.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
