using System.Text.Json;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>Every file in samples/ that calls the data plane, against the real server, in a process of its own, as a reader would run it.</summary>
public sealed class SampleTests
{
    private const string Folder = "samples";

    // The guide's program for the Python SDK catches whatever happens and prints it.
    private const string OfSdkGuide = "-sdk.py";

    // Theirs are the errors that the guide's program names; the package itself needs nothing of openai.
    private const string OldOpenAI = "python/tests/standins/openai_0_28";

    public static TheoryData<string> Samples => [.. Directory
        .EnumerateFiles(Repository.PathOf(Folder), "*", SearchOption.AllDirectories)
        .Where(file => Path.GetExtension(file) != ".md" && !file.Contains("__pycache__", StringComparison.Ordinal))
        .Select(file => Path.GetRelativePath(Repository.Root, file))
        // Those begin with an empty server and an admin token: they have tests of their own.
        .Where(file => !file.StartsWith(OrganiseSampleTests.Folder, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    public static TheoryData<string> SamplesOfSdkGuide => [.. Samples.Select(sample => sample.Data).Where(IsOfSdkGuide)];

    public static TheoryData<string> SamplesThatFail => [.. Samples.Select(sample => sample.Data).Where(sample => !IsOfSdkGuide(sample))];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Sample_prints_an_answer(string sample)
    {
        await using var gateway = await new GatewayUnderTest().StartAsync();

        var printed = (await RunAsync(sample, gateway)).ShouldSucceed();

        if (sample.EndsWith("-httpx.py", StringComparison.Ordinal))
            ShouldBePython(printed);
        else if (sample.EndsWith("-token.py", StringComparison.Ordinal))
            ShouldBeStatusHeadersAndCompletion(printed);
        else if (sample.EndsWith("-0.28.py", StringComparison.Ordinal))
            printed.ShouldMatch("(?s)^The food was delicious and the waiter.+[.]\n$");
        else if (IsOfSdkGuide(sample) || Path.GetFileName(sample) == "chat.py")
            ShouldBeJson(printed);
        else if (!sample.EndsWith(".sh", StringComparison.Ordinal))
            printed.ShouldContain("elephant", Case.Insensitive);
        else if (sample.Contains("stream", StringComparison.Ordinal))
            ShouldBeStream(printed);
        else
            ShouldBeJson(printed);
    }

    [Theory]
    [MemberData(nameof(SamplesThatFail))]
    public async Task Sample_fails_where_the_answer_is_not_200(string sample)
    {
        await using var gateway = await new GatewayUnderTest().StartAsync();
        await gateway.ChangeEventAsync(hackathon => hackathon with { State = EventState.Paused });
        // Who brings a resource of their own needs no event.
        await gateway.Simulator.FailAsync(new { kind = "status", body = "401-key" });

        (await RunAsync(sample, gateway)).ExitCode.ShouldNotBe(0);
    }

    [Theory]
    [MemberData(nameof(SamplesOfSdkGuide))]
    public async Task Sample_of_the_sdk_guide_prints_the_refusal_that_it_caught(string sample)
    {
        await using var gateway = await new GatewayUnderTest().StartAsync();
        await gateway.ChangeEventAsync(hackathon => hackathon with { State = EventState.Paused });

        (await RunAsync(sample, gateway)).ShouldSucceed().ShouldMatch("^Request [0-9a-f-]+: .*paused");
    }

    private static bool IsOfSdkGuide(string sample) => sample.EndsWith(OfSdkGuide, StringComparison.Ordinal);

    private static Task<Ended> RunAsync(string sample, GatewayUnderTest gateway)
    {
        var proxy = gateway.Client.BaseAddress!.ToString().TrimEnd('/');
        if (Path.GetExtension(sample) == ".cs")
            return RunHereAsync(Path.GetFileNameWithoutExtension(sample), proxy);
        return Command.RunAsync(
            [.. InterpreterOf(sample), Repository.PathOf(sample)],
            new Dictionary<string, string>
            {
                ["PROXY_URL"] = proxy,
                ["AZURE_AUTHORITY_HOST"] = gateway.Simulator.Address.ToString().TrimEnd('/'),
                ["PYTHONPATH"] = string.Join(Path.PathSeparator, [Repository.PathOf("python/src"), .. IsOfSdkGuide(sample) ? [Repository.PathOf(OldOpenAI)] : Array.Empty<string>()]),
            });
    }

    // They are compiled into this test, which is why each has, beside its Main, a method that can be told where to write.
    private static async Task<Ended> RunHereAsync(string name, string proxy)
    {
        var run = typeof(SampleTests).Assembly.GetType($"OpenAIProxy.Samples.{name}", throwOnError: true)!.GetMethod("RunAsync")!;
        await using var output = new StringWriter();
        try
        {
            await (Task)run.Invoke(null, [proxy, output])!;
        }
        catch (Exception e)
        {
            return new Ended(1, output.ToString(), e.ToString());
        }
        return new Ended(0, output.ToString(), "");
    }

    private static string[] InterpreterOf(string sample) => Path.GetExtension(sample) switch
    {
        ".sh" => ["bash"],
        ".py" => ["/usr/bin/python3"],
        ".mjs" => ["node"],
        var other => throw new InvalidOperationException($"Teach {nameof(SampleTests)} how a {other} sample is run."),
    };

    // What the notebook prints below its last cell.
    private static void ShouldBeStatusHeadersAndCompletion(string printed)
    {
        printed.ShouldStartWith("Status Code: 200\nHeaders: \n{'");
        printed.ShouldContain("'x-request-id': '", Case.Insensitive);
        printed.ShouldMatch(@"Response:\n \{.*'object': 'text_completion'.*'text': '.*'total_tokens': \d+");
    }

    // A dictionary as Python prints it: like JSON, but not JSON.
    private static void ShouldBePython(string printed)
    {
        printed.ShouldStartWith("{'");
        printed.ShouldContain("'role': 'assistant'");
        printed.ShouldContain("'total_tokens': ");
    }

    private static void ShouldBeStream(string printed)
    {
        var data = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        data.ShouldAllBe(line => line.StartsWith("data: "));
        data.Length.ShouldBeGreaterThan(10);
        data[^1].ShouldBe("data: [DONE]");
        var words = data[..^1].Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement.GetProperty("choices")[0].GetProperty("delta"));
        string.Concat(words.Select(delta => delta.TryGetProperty("content", out var word) ? word.GetString() : "")).ShouldContain("elephant");
    }

    private static void ShouldBeJson(string printed)
    {
        var answer = JsonDocument.Parse(printed).RootElement;
        switch (answer.GetProperty("object").GetString())
        {
            case "chat.completion":
                answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldNotBeNullOrWhiteSpace();
                break;
            case "text_completion":
                answer.GetProperty("choices")[0].GetProperty("text").GetString().ShouldNotBeNullOrWhiteSpace();
                break;
            case "list":
                answer.GetProperty("data")[0].GetProperty("embedding").GetArrayLength().ShouldBe(1536);
                break;
            case var other:
                throw new InvalidOperationException($"Teach {nameof(SampleTests)} what a good {other} is.");
        }
    }
}
