using System.Globalization;

namespace OpenAIProxy.Simulator.Latency;

/// <summary>Reads <c>none</c>, <c>fast</c>, <c>realistic</c> or <c>ttft=300ms,tps=50,spread=0.2</c>.</summary>
internal static class LatencyText
{
    public const string Form = "none, fast, realistic, or ttft=300ms,tps=50,spread=0.2";

    public static LatencyModel Read(string text) => text switch
    {
        "none" => LatencyModel.None,
        "fast" => LatencyModel.Fast,
        "realistic" => LatencyModel.Realistic,
        _ => text.Split(',').Aggregate(LatencyModel.None, (model, part) => With(model, part, text)),
    };

    private static LatencyModel With(LatencyModel model, string part, string text) => part.Split('=') switch
    {
        ["ttft", var value] => model with { FirstToken = Duration(value, text) },
        ["tps", var value] => model with { TokensPerSecond = Number(value, text, 1_000_000) is var rate and (0 or >= 0.1) ? rate : throw Unreadable(text) },
        ["spread", var value] => model with { Spread = Number(value, text, 2) },
        _ => throw Unreadable(text),
    };

    private static TimeSpan Duration(string value, string text) =>
        value.EndsWith("ms", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(Number(value[..^2], text, 3_600_000))
        : value.EndsWith('s') ? TimeSpan.FromSeconds(Number(value[..^1], text, 3_600))
        : throw Unreadable(text);

    private static double Number(string value, string text, double most) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw Unreadable(text);

    private static ArgumentException Unreadable(string text) =>
        new($"'{text}' is not a latency: {Form}. ttft is an hour at most, tps 0 or 0.1 to 1000000, spread 0 to 2.");
}
