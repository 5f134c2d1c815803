using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Gateway.Accounting;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Operations;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>What is sent upstream, against a plain model of it: parse the body, change the object, compare.</summary>
public sealed class BodyEditorTests
{
    private static readonly Backend New = new() { Name = "b", Endpoint = new Uri("http://b"), ApiVersion = "2025-01-01-preview", Credential = new BackendCredential.ApiKey("k") };
    private static readonly Backend Old = New with { ApiVersion = "2023-05-15" };

    private static readonly Reservation Reserved = new(
        1,
        new Demand { Event = "ev", Attendee = 1, Model = "m", Operation = Operation.ChatCompletions, Request = Guid.Empty, At = default, Hour = 0, Holds = [], Input = 0, Choices = 1, Wanted = 0, Least = 0 },
        0,
        0);

    private static readonly string[] Noise = ["\"x\":1", "\"tools\":[{\"a\":{\"max_tokens\":5}}]", "\"y\\u0061\":\"}\"", "\"temperature\":0.5", "\"user\":\"\\\"max_tokens\\\" 1\""];
    private static readonly Gen<string> Limit = Gen.Elements("null", "0", "1", "511", "512", "513", "513.0", "1e9", "70000");

    private static readonly Gen<string[]> Fields =
        from maxTokens in Optional("max_tokens", Limit)
        from maxCompletionTokens in Optional("max_completion_tokens", Limit)
        from n in Optional("n", Gen.Elements("null", "1", "2", "3.0"))
        from bestOf in Optional("best_of", Gen.Elements("null", "1", "4"))
        from stop in Optional("stop", Gen.Elements("null", "\"a\"", "[\"a\",\"b\"]"))
        from stopSequence in Optional("stop_sequence", Gen.Elements("null", "\"c\"", "[\"d\"]"))
        from stream in Optional("stream", Gen.Elements("null", "true", "false"))
        from options in Optional("stream_options", Gen.Elements("null", "{}", "{\"include_usage\":true}", "{\"include_usage\":false}", "{\"a\":1,\"include_usage\":null}", "{\"a\":1}"))
        from noise in Gen.SubListOf(Noise)
        from shuffled in Gen.Shuffle(new[] { maxTokens, maxCompletionTokens, n, bestOf, stop, stopSequence, stream, options }.Where(f => f is not null).Select(f => f!).Concat(noise).ToArray())
        select shuffled;

    private static readonly Gen<(string[] Fields, string Space, bool Reasoning, bool Old)> Cases =
        from fields in Fields
        from space in Gen.Elements("", " ", "\r\n\t")
        from reasoning in Gen.Elements(true, false)
        from old in Gen.Elements(true, false)
        select (fields, space, reasoning, old);

    [Fact]
    public void The_body_is_what_a_plain_model_says_and_never_asks_for_more_than_the_cap() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(Cases.ToArbitrary(), c => Holds(c.Fields, c.Space, c.Reasoning, c.Old)));

    [Theory]
    [InlineData("\"max_completion_tokens\":null", false)]
    [InlineData("\"max_tokens\":null", true)]
    [InlineData("\"stop_sequence\":null", false)]
    public void Nothing_is_left_over_of_a_body_whose_only_field_goes(string field, bool reasoning) => Holds([field], "", reasoning, old: true);

    private static bool Holds(string[] fields, string space, bool reasoning, bool old)
    {
        const long cap = 512;
        var text = space + "{" + space + string.Join(space + "," + space, fields.Select(f => f.Replace(":", space + ":" + space, StringComparison.Ordinal))) + space + "}" + space;
        var buffer = ArrayPool<byte>.Shared.Rent(4_096);
        using var call = new Call(OperationSpec.ChatCompletions, buffer, Encoding.UTF8.GetBytes(text, buffer));
        CallScanner.Scan(call).ShouldBeNull(text);
        var model = new Model { Name = "m", Family = reasoning ? ModelFamily.Reasoning : ModelFamily.Chat, Operations = [Operation.ChatCompletions], ContextWindow = 100_000, MaxOutput = 60_000 };
        var limit = Domain.Limits.OutputLimit.PerChoice(call.OutputAsked, call.Choices, cap, model.MaxOutput);
        var admitted = new Admitted(new Offer(model, []), limit, Reserved);

        var sent = Encoding.UTF8.GetString(Sent(call, admitted, old ? Old : New));

        var expected = Expected((JsonObject)JsonNode.Parse(text)!, cap, model, asksForUsage: !old);
        var actual = (JsonObject)JsonNode.Parse(sent)!;
        JsonNode.DeepEquals(Plain(actual), Plain(expected)).ShouldBeTrue($"{text}\n → {sent}\n ≠ {expected.ToJsonString()}");
        return true;
    }

    // The model: straightforward, on parsed objects, and sharing no line with the editor.
    private static JsonObject Expected(JsonObject body, long cap, Model model, bool asksForUsage)
    {
        static double? Number(JsonNode? node) => node?.GetValue<double>();
        var choices = Math.Max(Number(body["n"]) ?? 1, Number(body["best_of"]) ?? 1);
        var share = Math.Floor(cap / choices);
        var asked = new[] { Number(body["max_tokens"]), Number(body["max_completion_tokens"]) }.Min();
        var (right, wrong) = model.Family == ModelFamily.Reasoning ? ("max_completion_tokens", "max_tokens") : ("max_tokens", "max_completion_tokens");
        body.Remove(wrong);
        body[right] = Math.Min(asked ?? double.MaxValue, share);
        if (body.ContainsKey("stop_sequence"))
        {
            var old = body["stop_sequence"]?.DeepClone();
            body.Remove("stop_sequence");
            if (old is not null && body["stop"] is null)
                body["stop"] = old;
        }
        if (asksForUsage && body["stream"]?.GetValue<bool>() == true)
        {
            var options = (body["stream_options"] as JsonObject)?.DeepClone() as JsonObject ?? [];
            options["include_usage"] = true;
            body["stream_options"] = options;
        }
        return body;
    }

    // 513.0 and 513 are one number.
    private static JsonObject Plain(JsonObject body)
    {
        var plain = (JsonObject)body.DeepClone();
        foreach (var name in new[] { "max_tokens", "max_completion_tokens", "n" })
            if (plain[name] is JsonValue value)
                plain[name] = value.GetValue<double>();
        return plain;
    }

    private static byte[] Sent(Call call, Admitted admitted, Backend backend)
    {
        using var deadline = new Deadline(TimeSpan.FromMinutes(1), TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        using var content = new UpstreamBody(call.Body, BodyEditor.For(call, admitted, backend.ApiVersion), new RequestEntry(null!, call, admitted), deadline);
        // Written to memory, which completes at once.
        var sent = content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        content.Headers.ContentLength.ShouldBe(sent.Length);
        return sent;
    }

    private static Gen<string?> Optional(string name, Gen<string> value) =>
        Gen.Frequency((1, Gen.Constant<string?>(null)), (1, value.Select(v => (string?)$"\"{name}\":{v}")));
}
