using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Portal.Tests;

public sealed class ConfigurationTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring", """, "entrance": "sharedSecret", "sharedSecret": "open-sesame", "description": "Grüße 😀 & <b>" """));
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("autumn", """, "streamMode": "faithful", "tokenAdmission": {"tenantId": "8eaef023-2b34-4da1-9baa-8bc8c9d6a490", "audiences": ["b", "a"], "roles": ["Judge"]}"""));
        await gateway.Api.SendAsync("POST", "/api/backends", """{"name": "managed", "endpoint": "https://managed.example", "entra": {"kind": "managedIdentity", "clientId": "app"}}""");
        await gateway.Api.SendAsync("POST", "/api/backends", """{"name": "secret", "endpoint": "https://secret.example", "entra": {"kind": "clientSecret", "tenantId": "t", "clientId": "app", "scope": "api://x/.default", "clientSecret": "s"}}""");
        await gateway.Api.SendAsync("POST", "/api/events/autumn/close");
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Applied_twice_it_changes_nothing_the_second_time()
    {
        var document = await ExportAsync(gateway);
        document["events"]![0]!["outputCap"] = 99;

        var first = await ApplyAsync(gateway, document);
        var second = await ApplyAsync(gateway, document);

        first.GetProperty("changes").GetArrayLength().ShouldBe(1, first.GetRawText());
        second.GetProperty("changes").GetArrayLength().ShouldBe(0, second.GetRawText());
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_writes_nothing()
    {
        var document = await ExportAsync(gateway);
        document["events"]![0]!["outputCap"] = 99;
        var before = (await gateway.Api.SendAsync("GET", "/api/configuration")).Body;

        var dry = await ApplyAsync(gateway, document, dryRun: true);

        (await gateway.Api.SendAsync("GET", "/api/configuration")).Body.ShouldBe(before);
        dry.GetProperty("applied").GetBoolean().ShouldBeFalse();
        var wet = await ApplyAsync(gateway, document);
        wet.GetProperty("changes").GetRawText().ShouldBe(dry.GetProperty("changes").GetRawText());
    }

    [Fact]
    public async Task What_was_exported_and_applied_elsewhere_exports_the_same()
    {
        var document = await ExportAsync(gateway);
        var required = document["requiredSecrets"]!.AsArray().Select(s => s!.GetValue<string>()).ToList();
        required.ShouldBe(["backends/simulator/apiKey", "backends/secret/entra/clientSecret", "events/spring/sharedSecret"]);
        Backend(document, "simulator")["apiKey"] = "supplied";
        Backend(document, "secret")["entra"]!["clientSecret"] = "supplied";
        document["events"]!.AsArray().Single(e => e!["code"]!.GetValue<string>() == "spring")!["sharedSecret"] = "open-sesame";
        await using var elsewhere = await new GatewayUnderTest { Settings = s => s with { Demo = false } }.StartAsync();

        var applied = await ApplyAsync(elsewhere, document);

        applied.GetProperty("applied").GetBoolean().ShouldBeTrue(applied.GetRawText());
        (await elsewhere.Api.SendAsync("GET", "/api/configuration")).Body.ShouldBe((await gateway.Api.SendAsync("GET", "/api/configuration")).Body);
        (await elsewhere.Client.AskAsync(Asking.Chat, Asking.Hello, "spring@open-sesame/ann")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Pruning_deletes_only_when_asked()
    {
        var document = await ExportAsync(gateway);
        document["events"]!.AsArray().RemoveAt(document["events"]!.AsArray().ToList().FindIndex(e => e!["code"]!.GetValue<string>() == "autumn"));

        (await ApplyAsync(gateway, document)).GetProperty("changes").GetArrayLength().ShouldBe(0);
        (await ApplyAsync(gateway, document, prune: true)).GetProperty("changes")[0].GetProperty("action").GetString().ShouldBe("delete");

        (await gateway.Api.SendAsync("GET", "/api/events/autumn")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_an_event_of_a_document_leaves_out_has_its_default()
    {
        var document = new JsonObject
        {
            ["events"] = new JsonArray(JsonNode.Parse("""{"code":"least","name":"Least","organiser":{"name":"Olga"},"start":"2020-01-01T09:00","end":"2090-01-01T18:00","timeZone":"Europe/Berlin","models":["gpt-4o"]}""")),
        };

        (await ApplyAsync(gateway, document)).GetProperty("applied").GetBoolean().ShouldBeTrue();

        var made = (await gateway.Api.SendAsync("GET", "/api/events/least")).Json;
        made.GetProperty("organiser").GetProperty("email").ValueKind.ShouldBe(JsonValueKind.Null);
        made.GetProperty("state").GetString().ShouldBe("draft");
        made.GetProperty("outputCap").GetInt64().ShouldBe(4_096);
        (await ApplyAsync(gateway, document)).GetProperty("changes").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_document_with_a_mistake_changes_nothing_and_the_path_to_it_is_named()
    {
        var document = await ExportAsync(gateway);
        document["events"]![0]!["outputCap"] = 99;
        document["models"]!.AsArray().Add(new JsonObject { ["name"] = "odd", ["family"] = "chat", ["operations"] = new JsonArray("chatCompletions"), ["contextWindow"] = -1, ["maxOutput"] = 1 });
        var before = (await gateway.Api.SendAsync("GET", "/api/configuration")).Body;

        var answer = await gateway.Api.SendAsync("POST", "/api/configuration", new JsonObject { ["document"] = document }.ToJsonString());

        answer.Status.ShouldBe(400);
        answer.Json.GetProperty("errors").EnumerateObject().ShouldContain(e => e.Name.Contains("contextWindow", StringComparison.OrdinalIgnoreCase), answer.Body);
        (await gateway.Api.SendAsync("GET", "/api/configuration")).Body.ShouldBe(before);
    }

    [Fact]
    public async Task Path_to_a_mistake_has_names_as_they_are_written()
    {
        var document = JsonNode.Parse("""
            {"backends": [{"name": "US-East", "endpoint": "nowhere", "apiKey": "k"}, {"name": "EU/Two", "endpoint": "https://x.example", "apiKey": "k"}, {"name": "EU/Two", "endpoint": "https://x.example", "apiKey": "k"}],
             "deployments": [{"model": "Nonesuch", "backend": "Simulator", "name": "X"}]}
            """)!;

        var answer = await gateway.Api.SendAsync("POST", "/api/configuration", new JsonObject { ["document"] = document }.ToJsonString());

        answer.Status.ShouldBe(400);
        answer.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(
            ["backends/EU/Two", "backends/US-East/endpoint", "deployments/Nonesuch/Simulator/X/model"], ignoreOrder: true, customMessage: answer.Body);
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("closed")]
    public async Task Document_opens_no_event_whose_window_has_ended(string state)
    {
        (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("over").Replace("2090", "2021", StringComparison.Ordinal).Replace("\"open\"", state == "draft" ? "\"draft\"" : "\"open\"", StringComparison.Ordinal))).Status.ShouldBe(201);
        if (state == "closed")
            (await gateway.Api.SendAsync("POST", "/api/events/over/close")).Status.ShouldBe(200);
        var document = await ExportAsync(gateway);
        var over = document["events"]!.AsArray().Single(e => e!["code"]!.GetValue<string>() == "over")!;
        over["state"] = "open";

        var refused = await gateway.Api.SendAsync("POST", "/api/configuration", new JsonObject { ["document"] = document.DeepClone() }.ToJsonString());

        refused.Status.ShouldBe(409, refused.Body);
        refused.Json.GetProperty("code").GetString().ShouldBe("wrong_state");
        refused.Json.GetProperty("errors").GetProperty("events/over/state")[0].GetString()!.ShouldContain("ended at 2021-01-01 18:00");
        // It is the window of the document that counts.
        over["end"] = "2090-01-01T18:00";
        (await ApplyAsync(gateway, document)).GetProperty("changes").GetArrayLength().ShouldBe(1);
        (await gateway.Api.SendAsync("GET", "/api/events/over")).Json.GetProperty("standing").GetString().ShouldBe("open");
    }

    private static JsonNode Backend(JsonObject document, string name) => document["backends"]!.AsArray().Single(b => b!["name"]!.GetValue<string>() == name)!;

    private static async Task<JsonObject> ExportAsync(GatewayUnderTest server) =>
        JsonNode.Parse((await server.Api.SendAsync("GET", "/api/configuration")).Body)!.AsObject();

    private static async Task<JsonElement> ApplyAsync(GatewayUnderTest server, JsonObject document, bool dryRun = false, bool prune = false)
    {
        var answer = await server.Api.SendAsync("POST", "/api/configuration", new JsonObject { ["document"] = document.DeepClone(), ["dryRun"] = dryRun, ["prune"] = prune }.ToJsonString());
        answer.Status.ShouldBe(200, answer.Body);
        return answer.Json;
    }
}
