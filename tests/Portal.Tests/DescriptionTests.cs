using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenAIProxy.Portal.Tests;

/// <summary>What the OpenAPI document says is what the server does.</summary>
public sealed partial class DescriptionTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_problem_has_the_fields_that_are_described_and_no_others_of_ours()
    {
        var described = (await DocumentAsync())["components"]!["schemas"]!["ProblemDetails"]!;

        var problem = JsonNode.Parse((await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", """, "outputCap": 0"""))).Body)!.AsObject();

        described["additionalProperties"]?.ToJsonString().ShouldNotBe("false");
        problem.Select(f => f.Key).Except(["traceId"]).ShouldBeSubsetOf(described["properties"]!.AsObject().Select(f => f.Key));
        described["properties"]!.AsObject().ShouldContainKey("errors");
    }

    [Fact]
    public async Task If_Match_is_described_where_it_is_needed_and_nowhere_else()
    {
        foreach (var (path, operations) in (await DocumentAsync())["paths"]!.AsObject())
            foreach (var (method, operation) in operations!.AsObject())
            {
                var isDescribed = operation!["parameters"]?.AsArray().Any(p => p!["name"]!.GetValue<string>() == "If-Match") == true;
                var filled = Parts().Replace(path, part => part.Value switch
                {
                    "{code}" => "hackathon",
                    "{name}" => path.StartsWith("/api/models", StringComparison.Ordinal) ? "gpt-4" : "simulator",
                    _ => "1",
                });

                var answer = await gateway.Api.SendAsync(method.ToUpperInvariant(), filled, operation["requestBody"]?["content"]?["application/json"]?["example"]?.ToJsonString());

                (answer.Status == 428).ShouldBe(isDescribed, $"{method} {filled}: {answer.Body}");
            }
    }

    [Fact]
    public async Task Time_on_the_wall_is_described_as_a_text_without_offset()
    {
        var schemas = (await DocumentAsync())["components"]!["schemas"]!;

        schemas["EventAnswer"]!["properties"]!["start"]!["type"]!.GetValue<string>().ShouldBe("string");
        schemas["EventAnswer"]!["properties"]!["start"]!["format"].ShouldBeNull();
        schemas["ExtendBody"]!["properties"]!["end"]!["type"]!.ToJsonString().ShouldContain("null");
        schemas["EventAnswer"]!["properties"]!["createdAt"]!["format"]!.GetValue<string>().ShouldBe("date-time");
    }

    [Theory]
    [InlineData("/api/audit", "since")]
    [InlineData("/api/events/{code}/usage", "from")]
    public async Task Moment_in_a_query_is_described_as_one(string path, string parameter)
    {
        var parameters = (await DocumentAsync())["paths"]![path]!["get"]!["parameters"]!.AsArray();

        parameters.Single(p => p!["name"]!.GetValue<string>() == parameter)!["schema"]!.ToJsonString().ShouldBe("""{"type":"string","format":"date-time"}""");
    }

    [Theory]
    [InlineData("/api/events/{code}", "/api/events/hackathon")]
    [InlineData("/api/models/{name}", "/api/models/gpt-4")]
    [InlineData("/api/backends/{name}", "/api/backends/simulator")]
    public async Task Change_takes_every_field_that_is_described_alone_and_null_where_that_is(string path, string thing)
    {
        var document = await DocumentAsync();
        var reference = document["paths"]![path]!["patch"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();
        var patch = document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        var shown = JsonNode.Parse((await gateway.Api.SendAsync("GET", thing)).Body)!.AsObject();

        patch["required"].ShouldBeNull();
        patch["properties"]!.AsObject().Count.ShouldBeGreaterThan(3);
        foreach (var (field, described) in patch["properties"]!.AsObject())
        {
            if (shown.TryGetPropertyValue(field, out var value))
                (await ChangeAsync(thing, field, value)).Status.ShouldBe(200, field);
            var takesNull = described!["type"]?.ToJsonString().Contains("\"null\"", StringComparison.Ordinal) == true || described["oneOf"] is not null;
            (await ChangeAsync(thing, field, null)).Status.ShouldBe(takesNull ? 200 : 400, field);
        }
    }

    [Fact]
    public async Task Change_of_a_part_of_a_part_is_described_and_a_default_can_be_taken_away()
    {
        var schemas = (await DocumentAsync())["components"]!["schemas"]!;

        schemas["EventPatch"]!["properties"]!["organiser"]!["$ref"]!.GetValue<string>().ShouldEndWith("/OrganiserPatch");
        schemas["OrganiserPatch"]!["required"].ShouldBeNull();
        schemas["OrganiserBody"]!["required"]!.ToJsonString().ShouldBe("""["name"]""");
        schemas["EventPatch"]!["properties"]!["defaults"]!["additionalProperties"]!["type"]!.ToJsonString().ShouldContain("null");
        schemas["NewEventBody"]!["properties"]!["defaults"]!["additionalProperties"]!["type"]!.ToJsonString().ShouldBe("\"string\"");
    }

    [Fact]
    public async Task Number_is_described_as_a_number_and_not_as_a_text_too() =>
        (await DocumentAsync()).ToJsonString().ShouldNotContain("\"integer\",\"string\"");

    private Task<Answer> ChangeAsync(string thing, string field, JsonNode? value) =>
        gateway.Api.SendAsync("PATCH", thing, new JsonObject { [field] = value?.DeepClone() }.ToJsonString(), "*");

    private async Task<JsonNode> DocumentAsync() => JsonNode.Parse(await gateway.Admin.GetStringAsync("/openapi/v1.json"))!;

    [GeneratedRegex(@"\{\w+\}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Parts();
}
