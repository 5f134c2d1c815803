using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;

namespace OpenAIProxy.Portal.Tests;

/// <summary>The demo event admits tokens of the simulator and has limits, as long as organisers leave it so.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Tokens_of_the_simulator_are_admitted_wherever_it_is()
    {
        await using (var first = await StartAsync())
            Admission(first).ShouldNotBeNull().Authority.ShouldBe(first.Simulator.Address);

        await using var second = await StartAsync();

        var admission = Admission(second).ShouldNotBeNull();
        admission.Authority.ShouldBe(second.Simulator.Address);
        (admission.TenantId, admission.Audiences.Single()).ShouldBe(("11111111-1111-4111-8111-111111111111", "api://openai-proxy"));
    }

    [Theory]
    [InlineData("""{"tokenAdmission":null}""", null)]
    [InlineData("""{"tokenAdmission":{"tenantId":"8eaef023-2b34-4da1-9baa-8bc8c9d6a490","authority":null}}""", "https://login.microsoftonline.com/")]
    public async Task What_organisers_made_of_it_stays(string patch, string? authority)
    {
        await using (var first = await StartAsync())
            (await first.Api.SendAsync("PATCH", "/api/events/hackathon", patch, "*")).Status.ShouldBe(200);

        await using var second = await StartAsync();

        Admission(second)?.Authority.ToString().ShouldBe(authority);
        (Admission(second) is null).ShouldBe(authority is null);
    }

    [Fact]
    public async Task Tokens_that_anybody_can_get_open_no_other_backend()
    {
        await using (var first = await StartAsync())
        {
            await first.Api.SendAsync("POST", "/api/backends", """{"name":"eu","endpoint":"https://eu.openai.azure.com","apiKey":"k"}""");
            (await first.Api.SendAsync("POST", "/api/deployments", """{"model":"gpt-4o","backend":"eu","name":"gpt-4o"}""")).Status.ShouldBe(201);
        }

        await using var second = await StartAsync();

        Admission(second).ShouldBeNull();
    }

    [Fact]
    public async Task It_has_the_limits_of_a_new_event_until_organisers_change_them()
    {
        long perMinute;
        await using (var first = await StartAsync(keepsLimits: true))
        {
            var limits = first.Snapshot.FindEvent(EventCode.Parse("hackathon"))!.Limits;
            limits.Select(l => l with { Id = 0 }).ShouldBe(DefaultLimits.All, ignoreOrder: true);
            perMinute = limits.Single(l => l.Unit == LimitUnit.Requests).Id;
            (await first.Api.SendAsync("DELETE", $"/api/events/hackathon/limits/{perMinute}", null, "*")).Status.ShouldBe(204);
        }

        await using var second = await StartAsync(keepsLimits: true);

        var left = second.Snapshot.FindEvent(EventCode.Parse("hackathon"))!.Limits;
        left.Count.ShouldBe(DefaultLimits.All.Count - 1);
        left.ShouldAllBe(l => l.Id != perMinute);
    }

    private static TokenAdmission? Admission(GatewayUnderTest gateway) => gateway.Snapshot.FindEvent(EventCode.Parse("hackathon"))!.TokenAdmission;

    private Task<GatewayUnderTest> StartAsync(bool keepsLimits = false) =>
        new GatewayUnderTest { KeepsLimits = keepsLimits, Settings = s => s with { Storage = s.Storage with { DataDirectory = Path.Combine(directory.Path, "data") } } }.StartAsync();
}
