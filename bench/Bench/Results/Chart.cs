using System.Globalization;
using System.Net;
using System.Text;
using OpenAIProxy.Bench.Scenarios;

namespace OpenAIProxy.Bench.Results;

/// <summary>What a request costs in nginx, the passthrough and the gateway, as bars; readable on light and dark pages.</summary>
internal static class Chart
{
    private const int Width = 760;
    private const int Left = 190;
    private const int LongestBar = 370;
    private const int BarHeight = 16;
    private const int GroupHeight = 82;
    private const int Top = 78;
    private const int Foot = 66;

    private const string Style = """
        <style>
        text { font: 13px system-ui, sans-serif; fill: #1f2328 } .small { font-size: 11px; fill: #59636e } .head { font-size: 16px; font-weight: 600 }
        .nginx { fill: #8c959f } .passthrough { fill: #54aeff } .gateway { fill: #0a56b3 }
        @media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .small { fill: #9198a1 } .nginx { fill: #656c76 } .passthrough { fill: #1f6feb } .gateway { fill: #79c0ff } }
        </style>
        """;

    private static readonly (string Scenario, string Title)[] Groups =
    [
        ("chat-64", "small chat"), ("prompt-32k", "32 KB prompt"), ("stream", "stream of 50 chunks"), ("refused-cap", "refused, beside a chat"),
    ];

    private static readonly string[] Labels = [AllScenarios.Nginx, AllScenarios.Passthrough, AllScenarios.Gateway];

    public static string Of(Report report)
    {
        var groups = Groups.Select(group => (group.Title, Result: report.Results.FirstOrDefault(result => result.Scenario.Name == group.Scenario)))
            .Where(group => group.Result is not null).ToList();
        var height = Top + groups.Count * GroupHeight + Foot;
        var svg = new StringBuilder();
        svg.Append(Invariant($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" role="img" aria-labelledby="title what">
            <title id="title">CPU for one request: nginx, a bare .NET passthrough, and the gateway</title>
            <desc id="what">{Escaped(string.Join("; ", groups.Select(group => $"{group.Title}: {Words(group.Result!)}")))}</desc>
            {Style}
            <text class="head" x="16" y="28">CPU for one request, in microseconds: less is better</text>

            """));
        foreach (var (index, label) in Labels.Index())
            svg.Append(Invariant($"<rect class=\"{label}\" x=\"{16 + index * 150}\" y=\"42\" width=\"12\" height=\"12\"/><text x=\"{34 + index * 150}\" y=\"53\">{label}</text>\n"));
        foreach (var (index, (title, result)) in groups.Index())
            Group(svg, Top + index * GroupHeight, title, result!);
        svg.Append(Invariant($"""
            <text class="small" x="16" y="{height - 40}">{Escaped(report.WhatWasOn)}.</text>
            <text class="small" x="16" y="{height - 24}">Load, upstream and the measured process share the machine. The passthrough and nginx check, count and write down nothing.</text>
            <text class="small" x="16" y="{height - 8}">{Escaped($"{report.Machine}; commit {report.Machine.Commit}, {report.Machine.At:yyyy-MM-dd}")}</text>
            </svg>

            """));
        return svg.ToString().ReplaceLineEndings("\n");
    }

    // Each group has a scale of its own: a stream costs ten times a chat.
    private static void Group(StringBuilder svg, int top, string title, ScenarioResult result)
    {
        var bars = Labels.Select(label => (Label: label, Cpu: result.Of(label)?.Of(Metric.Cpu)?.Median)).Where(bar => bar.Cpu is not null).ToList();
        var longest = bars.Max(bar => bar.Cpu!.Value);
        svg.Append(Invariant($"<text x=\"16\" y=\"{top + 32}\">{Escaped(title)}</text>\n"));
        foreach (var (index, (label, cpu)) in bars.Index())
        {
            var (y, width) = (top + index * (BarHeight + 5), Math.Max(1, cpu!.Value / Math.Max(longest, 1e-9) * LongestBar));
            var times = label == AllScenarios.Gateway && result.Compare(Metric.Cpu, AllScenarios.Passthrough) is { } ratio ? Invariant($", {ratio.Median:0.00} × passthrough") : "";
            svg.Append(Invariant($"<rect class=\"{label}\" x=\"{Left}\" y=\"{y}\" width=\"{width:0.#}\" height=\"{BarHeight}\"/><text x=\"{Left + width + 6:0.#}\" y=\"{y + 13}\">{cpu:0}{times}</text>\n"));
        }
    }

    private static string Words(ScenarioResult result) =>
        string.Join(", ", Labels.Where(label => result.Of(label)?.Of(Metric.Cpu) is not null).Select(label => Invariant($"{label} {result.Of(label)!.Of(Metric.Cpu)!.Value.Median:0} µs")));

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
