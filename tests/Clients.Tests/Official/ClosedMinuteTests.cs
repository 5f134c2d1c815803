namespace OpenAIProxy.Clients.Tests.Official;

/// <summary>Every official client, as it is set by default, at a limit that stays reached: it gives up soon, and its user is told why.</summary>
public sealed class ClosedMinuteTests(ClosedMinute minute) : IClassFixture<ClosedMinute>
{
    [Theory]
    [MemberData(nameof(OfficialClientTests.With), Case.LimitStays, MemberType = typeof(OfficialClientTests))]
    public void Limit_that_stays_reached_is_asked_for_a_few_times_and_then_an_error_that_says_why(string client, string endpoint)
    {
        var expected = OfficialClients.Named(client);

        var (seen, requests) = minute.Of(client, endpoint);

        seen.Error.ShouldBe(expected.LimitStays, seen.Message);
        seen.Status.ShouldBe(429);
        seen.Message.ShouldNotBeNull().ShouldContain("1 of 1 requests this minute");
        (seen.Code ?? seen.Message).ShouldContain("limit_requests_per_minute");
        requests.ShouldBe(expected.Tries);
    }
}
