using System.Buffers.Binary;

namespace OpenAIProxy.Simulator.Tests;

public sealed class EmbeddingsTests
{
    [Theory]
    [InlineData("text-embedding-3-small", 1536)]
    [InlineData("text-embedding-3-large", 3072)]
    [InlineData("text-embedding-ada-002", 1536)]
    public async Task Vectors_have_the_models_dimensions_and_length_one(string deployment, int dimensions)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var vector = (await VectorsAsync(simulator, """{"input":"A heron in the reeds"}""", deployment))[0];

        vector.Length.ShouldBe(dimensions);
        Math.Sqrt(Dot(vector, vector)).ShouldBe(1, 1e-5);
    }

    [Fact]
    public async Task Near_texts_are_nearer_than_far_ones()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var vectors = await VectorsAsync(simulator, """
            {"input":["The cat sat on the mat","A cat is sitting on a mat","Quarterly revenue grew by ten percent","The cat sat on the mat"]}
            """);

        Dot(vectors[0], vectors[1]).ShouldBeGreaterThan(Dot(vectors[0], vectors[2]) + 0.1);
        Dot(vectors[0], vectors[3]).ShouldBe(1, 1e-5);
    }

    [Fact]
    public async Task Base64_is_the_same_numbers_as_little_endian_floats()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();
        var floats = (await VectorsAsync(simulator, """{"input":"heron"}"""))[0];

        using var answer = await simulator.EmbedAsync("""{"input":"heron","encoding_format":"base64"}""");
        var bytes = (await answer.JsonAsync()).GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();

        bytes.Length.ShouldBe(floats.Length * 4);
        Enumerable.Range(0, floats.Length).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * 4))).ShouldBe(floats);
    }

    [Fact]
    public async Task Fewer_dimensions_can_be_asked_for()
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        var vector = (await VectorsAsync(simulator, """{"input":"heron","dimensions":256}"""))[0];

        vector.Length.ShouldBe(256);
        Dot(vector, vector).ShouldBe(1, 1e-5);
    }

    [Theory]
    [InlineData("\"two words\"", 2)]
    [InlineData("[\"two words\",\"three more words\"]", 5)]
    [InlineData("[11,22,33]", 3)]
    [InlineData("[[11,22,33],[44]]", 4)]
    public async Task Every_form_of_input_is_counted_and_served(string input, int tokens)
    {
        await using var simulator = await SimulatorUnderTest.StartAsync();

        using var answer = await simulator.EmbedAsync($$"""{"input":{{input}}}""");

        (await answer.JsonAsync()).Used("prompt_tokens").ShouldBe(tokens);
        (await simulator.ServedAsync()).Total("promptTokens").ShouldBe(tokens);
    }

    private static async Task<List<float[]>> VectorsAsync(SimulatorUnderTest simulator, string body, string deployment = "text-embedding-3-small")
    {
        using var answer = await simulator.EmbedAsync(body, deployment);
        return [.. (await answer.JsonAsync()).GetProperty("data").EnumerateArray().Select(item =>
            item.GetProperty("embedding").EnumerateArray().Select(number => number.GetSingle()).ToArray())];
    }

    private static double Dot(float[] one, float[] other) => one.Zip(other, (a, b) => (double)a * b).Sum();
}
