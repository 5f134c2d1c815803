namespace OpenAIProxy.Portal.Tests;

/// <summary>What can be made under a name can be reached by it.</summary>
public sealed class NameTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new();

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("meta/llama")]
    [InlineData("meta%2Fllama")]
    [InlineData("half/and%2fhalf 50% ü")]
    public async Task Catalogue_can_be_shown_changed_and_removed_by_any_name(string name)
    {
        var escaped = Uri.EscapeDataString(name);
        var model = $$"""{"name":"{{name}}","family":"chat","operations":["chatCompletions"],"contextWindow":1000,"maxOutput":100}""";
        (await gateway.Api.SendAsync("POST", "/api/models", model)).Status.ShouldBe(201);
        (await gateway.Api.SendAsync("POST", "/api/backends", $$"""{"name":"{{name}}","endpoint":"http://127.0.0.1:1","apiKey":"k"}""")).Status.ShouldBe(201);
        (await gateway.Api.SendAsync("POST", "/api/deployments", $$"""{"model":"{{name}}","backend":"{{name}}","name":"{{name}}"}""")).Status.ShouldBe(201);

        (await gateway.Api.SendAsync("GET", $"/api/models/{escaped}")).Json.GetProperty("name").GetString().ShouldBe(name);
        (await gateway.Api.SendAsync("PATCH", $"/api/backends/{escaped}?x=/", """{"apiKey":"other"}""", "*")).Status.ShouldBe(200);
        (await gateway.Api.SendAsync("DELETE", $"/api/deployments/{escaped}/{escaped}/{escaped}")).Status.ShouldBe(204);
        (await gateway.Api.SendAsync("DELETE", $"/api/models/{escaped}", ifMatch: "*")).Status.ShouldBe(204);
        (await gateway.Api.SendAsync("DELETE", $"/api/backends/{escaped}", ifMatch: "*")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Names_that_differ_by_the_case_of_their_letters_alone_are_one_name()
    {
        (await gateway.Api.SendAsync("POST", "/api/models", Model("É"))).Status.ShouldBe(201);
        (await gateway.Api.SendAsync("POST", "/api/backends", Backend("Île"))).Status.ShouldBe(201);

        await ShouldBeRefusedAsync("/api/models", Model("é"), "name", "'é' is a name of model 'É' already");
        await ShouldBeRefusedAsync("/api/models", Model("other", """ "aliases":["é"],"""), "aliases", "'é' is a name of model 'É' already");
        await ShouldBeRefusedAsync("/api/backends", Backend("île"), "name", "'île' is the name of backend 'Île' already");
        (await gateway.Api.SendAsync("PATCH", "/api/models/É", """{"maxOutput": 7, "aliases": ["Ü"]}""", "*")).Status.ShouldBe(200);
        await ShouldBeRefusedAsync("/api/models", Model("ü"), "name", "'ü' is a name of model 'É' already");
    }

    [Theory]
    [InlineData("bell\\u0007")]
    [InlineData(" space around ")]
    [InlineData("")]
    public async Task Names_of_all_things_are_refused_by_one_rule(string name)
    {
        const string Rule = "no spaces around them and no control characters";

        await ShouldBeRefusedAsync("/api/models", Model(name), "name", Rule);
        await ShouldBeRefusedAsync("/api/backends", Backend(name), "name", Rule);
        await ShouldBeRefusedAsync("/api/deployments", $$"""{"model":"gpt-4","backend":"simulator","name":"{{name}}"}""", "name", Rule);
        await ShouldBeRefusedAsync("/api/tokens", $$"""{"name":"{{name}}","role":"administrator"}""", "name", Rule);
        await ShouldBeRefusedAsync("/api/events", Managing.Event("odd").Replace("Event odd", name, StringComparison.Ordinal), "name", Rule);
        await ShouldBeRefusedAsync("/api/events", Managing.Event("odd").Replace("Olga", name, StringComparison.Ordinal), "organiser", Rule);
    }

    [Fact]
    public async Task Email_address_without_a_visible_end_is_refused()
    {
        var answer = await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("odd").Replace("\"Olga\"", "\"Olga\", \"email\": \"o@example.org\\u0007\"", StringComparison.Ordinal));

        answer.Status.ShouldBe(400, answer.Body);
        answer.Json.GetProperty("errors").TryGetProperty("organiser", out _).ShouldBeTrue(answer.Body);
    }

    [Fact]
    public async Task Event_that_has_an_odd_name_since_long_ago_is_in_force_and_can_be_paused()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("odd"));
        await using (var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(gateway.DataDirectory, "openai-proxy.db")};Pooling=False"))
        {
            await database.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = database.CreateCommand();
            command.CommandText = "UPDATE event SET name = 'bell' || char(7) WHERE code = 'odd'";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        (await gateway.Api.SendAsync("POST", "/api/events/odd/pause")).Status.ShouldBe(200);
        (await gateway.Api.SendAsync("POST", "/api/events/odd/resume")).Status.ShouldBe(200);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "odd/ann")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Co_organiser_with_a_slash_in_the_name_runs_the_event_too()
    {
        await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"));
        using var sales = await gateway.ApiOfOrganiserAsync("emea/sales");

        var added = await gateway.Api.SendAsync("PUT", "/api/events/spring/organisers/emea%2Fsales");

        added.Json.GetProperty("coOrganisers").GetRawText().ShouldBe("""["emea/sales"]""");
        (await sales.SendAsync("GET", "/api/events/spring")).Status.ShouldBe(200);
        (await gateway.Api.SendAsync("DELETE", "/api/events/spring/organisers/emea%2Fsales")).Status.ShouldBe(200);
        (await sales.SendAsync("GET", "/api/events/spring")).Status.ShouldBe(404);
    }

    private async Task ShouldBeRefusedAsync(string path, string body, string field, string reason)
    {
        var answer = await gateway.Api.SendAsync("POST", path, body);

        answer.Status.ShouldBe(400, $"{path} {body}: {answer.Body}");
        answer.Json.GetProperty("errors").GetProperty(field)[0].GetString()!.ShouldContain(reason);
    }

    private static string Model(string name, string more = "") =>
        $$"""{"name":"{{name}}",{{more}}"family":"chat","operations":["chatCompletions"],"contextWindow":1000,"maxOutput":100}""";

    private static string Backend(string name) => $$"""{"name":"{{name}}","endpoint":"http://127.0.0.1:1","apiKey":"k"}""";
}
