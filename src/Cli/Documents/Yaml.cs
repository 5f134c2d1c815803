using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OpenAIProxy.Cli.Documents;

/// <summary>
/// YAML to JSON and back. Plain words are read by YAML 1.2's rules, so <c>no</c> is a text; anchors, tags and a key said
/// twice are refused, because what they mean here nobody could guess.
/// </summary>
internal static class Yaml
{
    private const int Deepest = 64;

    public static JsonNode? Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
            return null;
        parser.Consume<DocumentStart>();
        var read = ReadNode(parser, 0);
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
            throw Wrong(parser.Current!, "There is a second document; one file is one.");
        return read;
    }

    public static string Write(JsonNode node)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(2, 4_096, false, 1_024, skipAnchorName: true));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, true));
        WriteNode(emitter, node);
        emitter.Emit(new DocumentEnd(true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static JsonNode? ReadNode(Parser parser, int depth)
    {
        if (depth > Deepest)
            throw Wrong(parser.Current!, "This is nested too deep.");
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
            throw Wrong(parser.Current, "Anchors and aliases are not taken here.");
        if (parser.Current is NodeEvent { Tag.IsEmpty: false })
            throw Wrong(parser.Current, "Tags are not taken here.");
        if (parser.TryConsume<Scalar>(out var scalar))
            return scalar.Style == ScalarStyle.Plain ? PlainScalar.Read(scalar.Value) : scalar.Value;
        return parser.Current is SequenceStart ? ReadSequence(parser, depth) : ReadMapping(parser, depth);
    }

    private static JsonArray ReadSequence(Parser parser, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(parser, depth + 1));
        return items;
    }

    private static JsonObject ReadMapping(Parser parser, int depth)
    {
        parser.Consume<MappingStart>();
        var fields = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (fields.ContainsKey(key.Value))
                throw Wrong(key, $"'{key.Value}' stands there twice.");
            fields[key.Value] = ReadNode(parser, depth + 1);
        }
        return fields;
    }

    private static void WriteNode(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                emitter.Emit(new MappingStart(null, null, true, fields.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (name, value) in fields)
                {
                    WriteText(emitter, name);
                    WriteNode(emitter, value);
                }
                emitter.Emit(new MappingEnd());
                break;
            case JsonArray items:
                var isShort = items.All(i => i is not (JsonObject or JsonArray));
                emitter.Emit(new SequenceStart(null, null, true, isShort ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in items)
                    WriteNode(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue text when text.TryGetValue(out string? value):
                WriteText(emitter, value);
                break;
            default:
                emitter.Emit(new Scalar(null, null, node?.ToJsonString() ?? "null", ScalarStyle.Plain, true, false));
                break;
        }
    }

    private static void WriteText(Emitter emitter, string text) =>
        emitter.Emit(new Scalar(null, null, text, PlainScalar.IsSafe(text) ? ScalarStyle.Any : ScalarStyle.DoubleQuoted, true, true));

    private static YamlException Wrong(ParsingEvent at, string message) => new(at.Start, at.End, message);
}
