using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Server.Metrics;

/// <summary>
/// Collects the process's metrics and writes them in Prometheus' text format
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). Thread-safe.
/// </summary>
internal sealed class PrometheusExporter : IDisposable
{
    // Tags come from configuration, not from clients; this bounds what a mistake could cost.
    private const int MaxSeries = 10_000;

    // Seconds: from a refusal (well under a millisecond) to a reasoning model (minutes).
    private static readonly double[] Bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
    private static readonly string[] Meters = [GatewayMeter.Name, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private readonly ConcurrentDictionary<Instrument, Collected> instruments = new();
    private readonly MeterListener listener = new();

    /// <param name="factory">Whose meters are ours; the runtime's have none.</param>
    public PrometheusExporter(IMeterFactory factory)
    {
        listener.InstrumentPublished = (instrument, listener) =>
        {
            // A listener hears of every server in the process.
            if (Meters.Contains(instrument.Meter.Name) && (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, factory)))
                listener.EnableMeasurementEvents(instrument, instruments.GetOrAdd(instrument, static i => new Collected(i)));
        };
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((Collected)state!).Measured(value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((Collected)state!).Measured(value, tags));
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((Collected)state!).Measured(value, tags));
        listener.Start();
    }

    public string Write()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var collected in instruments.Values.OrderBy(c => c.Name, StringComparer.Ordinal))
            collected.Write(text);
        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    private sealed class Collected(Instrument instrument)
    {
        private readonly ConcurrentDictionary<TagSet, Series> series = new(new TagSet.Comparer());
        private readonly string kind = KindOf(instrument);
        private readonly bool observes = instrument.IsObservable;

        public string Name { get; } = NameOf(instrument);

        public void Measured(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var lookup = series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
            if (!lookup.TryGetValue(tags, out var found))
            {
                if (series.Count >= MaxSeries)
                    return;
                found = series.GetOrAdd(new TagSet(tags.ToArray()), static (_, bounds) => new Series(bounds), kind == "histogram" ? Bounds : []);
            }
            if (observes)
                found.Set(value);
            else
                found.Add(value);
        }

        public void Write(StringBuilder text)
        {
            if (series.IsEmpty)
                return;
            text.Append("# HELP ").Append(Name).Append(' ').Append((instrument.Description ?? "").ReplaceLineEndings(" ")).Append('\n');
            text.Append("# TYPE ").Append(Name).Append(' ').Append(kind).Append('\n');
            foreach (var (tags, values) in series)
                Write(text, Labels(tags), values);
        }

        private void Write(StringBuilder text, string labels, Series values)
        {
            var (sum, count, buckets) = values.Read();
            if (kind != "histogram")
            {
                Line(text, Name, labels, null, sum);
                return;
            }
            for (var i = 0; i < buckets.Length; i++)
                Line(text, Name + "_bucket", labels, Number(Bounds[i]), buckets[i]);
            Line(text, Name + "_bucket", labels, "+Inf", count);
            Line(text, Name + "_sum", labels, null, sum);
            Line(text, Name + "_count", labels, null, count);
        }

        private static void Line(StringBuilder text, string name, string labels, string? bound, double value)
        {
            text.Append(name);
            var all = bound is null ? labels : labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"";
            if (all.Length > 0)
                text.Append('{').Append(all).Append('}');
            text.Append(' ').Append(Number(value)).Append('\n');
        }

        private static string Labels(TagSet tags) =>
            string.Join(',', tags.Tags.Select(t => $"{Plain(t.Key)}=\"{Escaped(Convert.ToString(t.Value, CultureInfo.InvariantCulture) ?? "")}\""));

        private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

        private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

        private static string KindOf(Instrument instrument)
        {
            var type = instrument.GetType().Name;
            if (type.StartsWith("Histogram", StringComparison.Ordinal))
                return "histogram";
            return type.Contains("UpDown", StringComparison.Ordinal) || type.Contains("Gauge", StringComparison.Ordinal) ? "gauge" : "counter";
        }

        private static string NameOf(Instrument instrument)
        {
            var name = new StringBuilder(Plain(instrument.Name));
            var unit = instrument.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", _ => "" };
            name.Append(unit);
            if (KindOf(instrument) == "counter")
                name.Append("_total");
            return name.ToString();
        }

        private static string Plain(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
    }
}
