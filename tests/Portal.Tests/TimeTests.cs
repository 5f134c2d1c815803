namespace OpenAIProxy.Portal.Tests;

/// <summary>Moments and lengths of time mean the same on every machine.</summary>
public sealed class TimeTests : IAsyncLifetime
{
    private readonly GatewayUnderTest gateway = new() { Time = new ManualTime() };

    public async ValueTask InitializeAsync()
    {
        await gateway.StartAsync();
        (await gateway.Api.SendAsync("POST", "/api/events", Managing.Event("spring"))).Status.ShouldBe(201);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("60s", "2090-01-01T18:01:00")]
    [InlineData("90m", "2090-01-01T19:30:00")]
    [InlineData("2h", "2090-01-01T20:00:00")]
    [InlineData("3d", "2090-01-04T18:00:00")]
    [InlineData("2w", "2090-01-15T18:00:00")]
    public async Task Event_is_extended_by_every_unit_that_the_command_line_takes(string by, string end)
    {
        var extended = await gateway.Api.SendAsync("POST", "/api/events/spring/extend", $$"""{"by": "{{by}}"}""");

        extended.Status.ShouldBe(200, extended.Body);
        extended.Json.GetProperty("end").GetString().ShouldBe(end);
    }

    [Theory]
    [InlineData("522w")]
    [InlineData("20000000w")]
    [InlineData("20000000d")]
    [InlineData("2y")]
    [InlineData("w")]
    [InlineData("-1w")]
    public async Task Other_lengths_are_refused_with_all_units(string by)
    {
        var refused = await gateway.Api.SendAsync("POST", "/api/events/spring/extend", $$"""{"by": "{{by}}"}""");

        refused.Status.ShouldBe(400);
        refused.Json.GetProperty("errors").GetProperty("by")[0].GetString()!.ShouldContain("30s, 90m, 2h, 3d or 2w");
    }

    [Fact]
    public async Task Old_key_goes_on_for_a_week_of_grace()
    {
        var key = (await gateway.Api.SendAsync("POST", "/api/events/spring/keys", """{"user": "ada"}""")).Json.GetProperty("id").GetRawText();

        (await gateway.Api.SendAsync("POST", $"/api/events/spring/keys/{key}/rotate", """{"grace": "1w"}""")).Status.ShouldBe(201);

        var keys = (await gateway.Api.SendAsync("GET", "/api/events/spring/keys")).Json.GetProperty("items").EnumerateArray();
        keys.Single(k => k.GetProperty("id").GetRawText() == key).GetProperty("expiresAt").GetDateTimeOffset().ShouldBe(gateway.Time.GetUtcNow().AddDays(7));
    }

    [Theory]
    [InlineData("/api/audit", "since")]
    [InlineData("/api/entries", "to")]
    [InlineData("/api/events/spring/entries.csv", "from")]
    [InlineData("/api/events/spring/usage", "from")]
    [InlineData("/api/refusals", "to")]
    public async Task Moment_in_a_query_says_its_offset_too(string path, string parameter)
    {
        foreach (var odd in new[] { "2026-05-01T09:00:00", "2026-05-01", "yesterday" })
        {
            var refused = await gateway.Api.SendAsync("GET", $"{path}?{parameter}={odd}");
            refused.Status.ShouldBe(400, odd);
            refused.Json.GetProperty("errors").GetProperty(parameter)[0].GetString().ShouldBe("It takes a moment with Z or its offset, such as 2026-05-01T09:00:00Z or 2026-05-01T09:00:00+02:00.");
        }

        foreach (var moment in new[] { "2026-05-01T09:00:00Z", "2026-05-01T09:00:00.5-05:00", "2026-05-01T09:00:00%2B02:00" })
            (await gateway.Api.SendAsync("GET", $"{path}?{parameter}={moment}")).Status.ShouldBe(200, moment);
    }

    [Theory]
    [InlineData("/api/events/spring/keys", "\"user\": \"ada\"")]
    [InlineData("/api/events/spring/keys/batch", "\"users\": [\"ada\"]")]
    [InlineData("/api/tokens", "\"name\": \"ci\", \"role\": \"administrator\"")]
    public async Task Moment_says_its_offset(string path, string rest)
    {
        foreach (var odd in new[] { "\"2089-05-04T18:00:00\"", "\"2089-05-04\"", "\"tomorrow\"", "\"\"", "5" })
        {
            var refused = await gateway.Api.SendAsync("POST", path, $$"""{ {{rest}}, "expires": {{odd}} }""");
            refused.Status.ShouldBe(400, odd);
            refused.Json.GetProperty("errors").GetProperty("expires")[0].GetString()!.ShouldContain("such as 2026-05-01T09:00:00Z or 2026-05-01T09:00:00+02:00", customMessage: refused.Body);
        }

        foreach (var (name, moment) in new[] { ("one", "\"2089-05-04T18:00:00Z\""), ("two", "\"2089-05-04T18:00:00.5-05:00\""), ("three", "null") })
            (await gateway.Api.SendAsync("POST", path, $$"""{ {{rest.Replace("ci", name, StringComparison.Ordinal)}}, "expires": {{moment}} }""")).Status.ShouldBe(201, moment);
    }

    [Fact]
    public async Task Plus_of_an_offset_that_a_query_turned_into_a_space_is_a_plus()
    {
        var at = gateway.Time.GetUtcNow().ToOffset(TimeSpan.FromHours(2));

        foreach (var (since, total) in new[] { (at, 1), (at.AddSeconds(1), 0) })
        {
            var trail = await gateway.Api.SendAsync("GET", $"/api/audit?name=spring&since={since:yyyy-MM-dd'T'HH:mm:sszzz}");
            trail.Status.ShouldBe(200, trail.Body);
            trail.Json.GetProperty("total").GetInt32().ShouldBe(total);
        }
    }
}
