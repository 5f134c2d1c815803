using System.Globalization;

namespace OpenAIProxy.Gateway.Tests;

/// <summary>What every refusal has, whatever it refuses.</summary>
internal static class RefusalShape
{
    public static void ShouldBeRefusal(this Answer answer, int status, string code)
    {
        answer.Status.ShouldBe(status, answer.Body);
        answer.Headers["Content-Type"].ShouldBe("application/json");
        answer.Header("x-request-id").ShouldNotBeNullOrEmpty();
        answer.Error.EnumerateObject().Select(p => p.Name).ShouldBe(["message", "type", "param", "code"]);
        answer.Code.ShouldBe(code);
        answer.Message.Length.ShouldBeGreaterThan(20);
        if (answer.Header("Retry-After") is { } wait)
        {
            int.Parse(wait, CultureInfo.InvariantCulture).ShouldBeInRange(1, 60);
            answer.Header("retry-after-ms").ShouldNotBeNull();
        }
        if (status is 429 or 503)
            answer.Header("Retry-After").ShouldNotBeNull();
    }
}
