using System.Text.Json.Nodes;
using System.Xml.Linq;
using OpenAIProxy.Bench.Results;
using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench.Tests;

/// <summary>What is written of measurements: the table, the file for programs, and the chart.</summary>
public sealed class ResultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Report report;

    // Ratios within rounds are 2, 1.5 and 3, which is not what a ratio of medians, or of the least and the most, would be.
    public ResultTests() => report = Figures.ReportIn(
        folder.Path,
        new ScenarioResult(
            Figures.Real("chat-64"), "64 connections, as fast as it goes",
            [Figures.Contestant("nginx", Metric.Cpu, 5, 10, 10), Figures.Contestant("passthrough", Metric.Cpu, 10, 20, 30), Figures.Contestant("gateway", Metric.Cpu, 20, 30, 90)]),
        new ScenarioResult(
            Figures.Real("steady"), "300 requests a second",
            [Figures.Contestant("passthrough", Metric.P99, 1, 2, 3), Figures.Contestant("gateway", Metric.P99, 1.5, 6, 2.75)]));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Median_of_an_odd_number_is_the_one_in_the_middle_and_of_an_even_number_lies_between_two()
    {
        Spread.Of([3, 1, 2]).ShouldBe(new Spread(1, 2, 3));
        Spread.Of([4, 1, 3, 2]).ShouldBe(new Spread(1, 2.5, 4));
        Spread.Of([7]).ShouldBe(new Spread(7, 7, 7));
    }

    [Fact]
    public void Table_has_medians_and_ratios_with_their_least_and_most()
    {
        var lines = MarkdownTable.Of(report).Split('\n');

        lines.ShouldContain("| passthrough | 20.0 |");
        lines.ShouldContain("| gateway | 30.0 |");
        lines.ShouldContain("| gateway to passthrough | × 2.00 (1.50 to 3.00) |");
        lines.ShouldContain("| gateway to nginx | × 4.00 (3.00 to 9.00) |");
        lines.ShouldContain("| gateway to passthrough | +0.50 (-0.25 to 4.00) |");
    }

    [Fact]
    public void Table_says_of_each_figure_whether_it_was_reached()
    {
        var lines = MarkdownTable.Of(report).Split('\n');

        lines.ShouldContain("| CPU of a small chat, 64 connections | 2.00 (1.50 to 3.00) × passthrough | 1.7 | 1.27 | **missed** |");
        lines.ShouldContain("| p99 added at 300/s | 0.50 (-0.25 to 4.00) ms over passthrough | 3 | 1 | aim |");
        lines.ShouldNotContain(line => line.StartsWith("| From start to ready", StringComparison.Ordinal), "nobody has measured it");
    }

    [Fact]
    public void Table_says_what_durability_against_power_cuts_costs_beside_the_default()
    {
        ScenarioResult Costs(string name, double cpu) => new(Figures.Real(name), "as fast as it goes",
        [
            Both("default", 100, 1_000),
            Both("power", cpu, 800),
        ]);

        var table = MarkdownTable.Of(Figures.ReportIn(folder.Path, Costs("durability", 110), Costs("durability-stream", 105)));

        table.ShouldContain("With `--durability power` a small chat takes × 1.10 (1.10 to 1.10) of the CPU at × 0.80 (0.80 to 0.80) of the rate, and a stream takes × 1.05 (1.05 to 1.05) of the CPU");

        static ContestantResult Both(string label, double cpu, double rate) =>
            new(label, [new Sample(new Dictionary<string, double> { [Metric.Cpu.Name] = cpu, [Metric.PerSecond.Name] = rate }, 1_000, 0, null)]);
    }

    [Fact]
    public void File_for_programs_has_every_round_and_what_follows_from_them()
    {
        var json = JsonNode.Parse(JsonText.Of(report))!;

        ((string?)json["commit"], (string?)json["at"], (int)json["settings"]!["rounds"]!).ShouldBe(("0123456789", "2026-11-21T12:00:00Z", 3));
        var chat = json["scenarios"]!.AsArray().Single(scenario => (string?)scenario!["name"] == "chat-64")!;
        chat["contestants"]!.AsArray()[2]!["rounds"]!.AsArray().Select(round => ((long)round!["requests"]!, (double)round["cpu"]!)).ShouldBe([(1_000, 20), (1_000, 30), (1_000, 90)]);
        var comparison = chat["comparisons"]!.AsArray().Single(one => (string?)one!["to"] == "passthrough")!;
        ((double)comparison["min"]!, (double)comparison["median"]!, (double)comparison["max"]!, (string?)comparison["is"]).ShouldBe((1.5, 2, 3, "ratio"));
        var figure = json["figures"]!.AsArray().Single(one => (string?)one!["name"] == "p99 added at 300/s")!;
        ((double)figure["min"]!, (double)figure["value"]!, (double)figure["max"]!, (double)figure["atMost"]!).ShouldBe((-0.25, 0.5, 4, 3));
    }

    [Fact]
    public void Chart_has_a_bar_as_long_as_each_figure()
    {
        var chart = XDocument.Parse(Chart.Of(report));

        var bars = chart.Descendants().Where(e => e.Name.LocalName == "rect" && (string?)e.Attribute("height") == "16").ToList();
        bars.Select(bar => (string?)bar.Attribute("class")).ShouldBe(["nginx", "passthrough", "gateway"]);
        var widths = bars.Select(bar => (double)bar.Attribute("width")!).ToList();
        (widths[0] / widths[2]).ShouldBe(10.0 / 30, 0.01);
        (widths[1] / widths[2]).ShouldBe(20.0 / 30, 0.01);
        chart.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ShouldContain("30, 2.00 × passthrough");
    }

    [Fact]
    public void Ratio_to_nothing_is_not_shown()
    {
        var result = new ScenarioResult(Figures.Real("chat-64"), "64 connections", [Figures.Contestant("passthrough", Metric.Cpu, 0, 20), Figures.Contestant("gateway", Metric.Cpu, 20, 30)]);

        result.Compare(Metric.Cpu, "passthrough").ShouldBeNull();
        result.Compare(Metric.PerSecond, "passthrough").ShouldBeNull();
    }

    [Fact]
    public void Added_time_is_what_is_more_than_directly()
    {
        Dictionary<string, double> Times(double plus) => new() { ["p50"] = 1 + plus, ["p99"] = 2 + plus, ["firstByteP50"] = 3 + plus, ["firstByteP99"] = 4 + plus };

        var added = new Sample(Times(0.5), 10, 0, null).Above(new Sample(Times(0), 10, 0, null));

        new[] { Metric.AddedP50, Metric.AddedP99, Metric.AddedFirstByteP50, Metric.AddedFirstByteP99 }.Select(metric => added.Of(metric)).ShouldBe([0.5, 0.5, 0.5, 0.5]);
    }

    [Theory]
    [InlineData(0, 15, "00:00  about 15 min left")]
    [InlineData(2.5, 15, "02:30  about 13 min left")]
    [InlineData(61.25, 75, "61:15  about 14 min left")]
    [InlineData(80, 75, "80:00  about 0 min left")]
    public void Progress_counts_minutes_beyond_the_hour(double elapsed, double planned, string times) =>
        Progress.Times(TimeSpan.FromMinutes(elapsed), TimeSpan.FromMinutes(planned)).ShouldBe(times);
}
