using System.Net;
using static OpenAIProxy.Simulator.Tests.Answers;

namespace OpenAIProxy.Simulator.Tests;

/// <summary>The surface without versions, <c>/openai/v1</c>.</summary>
public sealed class V1Tests
{
    [Theory]
    [InlineData("chat/completions", """{"model":"mine","messages":[{"role":"user","content":"Hello"}]}""", "gpt-4o-2024-08-06")]
    [InlineData("completions", """{"model":"gpt-3.5-turbo-instruct","prompt":"Hello"}""", "gpt-35-turbo-instruct")]
    [InlineData("embeddings", """{"model":"text-embedding-3-small","input":"Hello"}""", "text-embedding-3-small")]
    public async Task The_model_in_the_body_is_a_deployment(string operation, string body, string model)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync(["--deployment", "mine=gpt-4o"]);

        using var answer = await simulator.PostAsync("/openai/v1/" + operation, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.TextAsync());
        (await answer.JsonAsync()).GetProperty("model").GetString().ShouldBe(model);
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("?api-version=v1", 200)]
    [InlineData("?api-version=preview", 200)]
    [InlineData("?api-version=latest", 200)]
    [InlineData("?api-version=2024-10-21", 400)]
    [InlineData("?api-version=nonsense", 400)]
    public async Task Only_versions_without_a_date_are_taken(string query, int status)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.PostAsync("/openai/v1/chat/completions" + query, Ask("Hello", "\"model\":\"gpt-4o\""));

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task A_single_model_can_be_asked_for()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        (await simulator.GetJsonAsync("/openai/v1/models/gpt-4o")).GetProperty("owned_by").GetString().ShouldBe("openai");
        (await simulator.GetJsonAsync("/openai/models/gpt-4o?api-version=2024-06-01")).GetProperty("lifecycle_status").GetString().ShouldBe("generally-available");
    }

    [Theory]
    [InlineData("/openai/v1/models/nobody")]
    [InlineData("/openai/v1/deployments")]
    [InlineData("/openai/v1")]
    [InlineData("/openai/v1/models/")]
    [InlineData("/openai/")]
    [InlineData("/openai/models")]
    [InlineData("/openai/deployments?api-version=2024-10-21")]
    public async Task What_is_not_listed_is_not_there(string path)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.Http.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
