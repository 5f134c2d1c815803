using System.CommandLine;
using System.Globalization;
using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Catalog;

internal static class PriceSet
{
    public static readonly IReadOnlyList<Field> Fields =
    [
        Field.Money("Input", "input"), Field.Money("Cached", "cachedInput"), Field.Money("Output", "output"), Field.Money("Image", "image"),
        Field.Text("As of", "asOf"), Field.Text("Source", "source"),
    ];

    public static Verb Create()
    {
        var model = Symbols.Text("MODEL", "The model's name.");
        var input = Amount("--input", "For a million tokens of input.");
        var cached = Amount("--cached-input", "For a million tokens of input that was cached. Default: as input.");
        var output = Amount("--output", "For a million tokens of output.");
        var image = Amount("--image", "For one image. Default: 0");
        var asOf = Symbols.Text("--as-of", "DATE", "When the source said so, such as 2026-05-01. Default: today.");
        var source = Symbols.Text("--source", "TEXT", "Where the numbers are from.");
        (input.Required, output.Required, source.Required) = (true, true, true);
        return new(
            "set",
            "Sets what a model costs, for requests from now on.",
            """openai-proxy price set gpt-4o --input 2.50 --cached-input 1.25 --output 10 --source "our contract" """.TrimEnd(),
            async run =>
            {
                var body = new Body()
                    .Put("input", Micro(run, input))
                    .Put("cachedInput", Micro(run, cached))
                    .Put("output", Micro(run, output))
                    .Put("image", Micro(run, image))
                    .Put("asOf", run.Get(asOf) ?? run.Surroundings.Time.GetLocalNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
                    .Put("source", run.Get(source));
                var answer = await run.Api.PutAsync(ApiPath.Of($"models/{run.Need(model)}/price"), body.Json);
                return await run.ShowAsync(answer, Fields, $"The price of {run.Need(model)} is set.");
            })
        {
            model, input, cached, output, image, asOf, source,
        };
    }

    private static Option<string> Amount(string name, string description) => Symbols.Text(name, "DOLLARS", description);

    private static long? Micro(Invocation run, Option<string> option) => run.Get(option) is { } text ? Dollars.Parse(text, option.Name) : null;
}
