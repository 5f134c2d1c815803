using System.Text;
using System.Text.Json.Nodes;

namespace OpenAIProxy.Cli.Terminals;

/// <summary>Rows under titles, numbers to the right: as wide as the terminal, or wrapped by it where that would leave nothing to read.</summary>
internal static class Table
{
    private const string Gap = "  ";
    private const int Narrowest = 6;

    // The first column is mostly what other commands are given, such as an event's code.
    private const int NarrowestFirst = 16;

    public static async Task WriteAsync(Terminal terminal, IReadOnlyList<Field> fields, IEnumerable<JsonObject> rows, TimeZoneInfo zone)
    {
        var cells = rows.Select(row => fields.Select(f => f.Read(row, zone)).ToArray()).ToList();
        var widths = fields.Select((f, i) => cells.Select(c => Cells.Width(c[i])).Append(Cells.Width(f.Title)).Max()).ToArray();
        if (terminal.Width is { } available)
            Fit(widths, [.. fields.Select((f, i) => Math.Min(widths[i], Least(f, i, cells)))], available - Gap.Length * (fields.Count - 1));
        await terminal.Output.WriteLineAsync(Line([.. fields.Select(f => f.Title.ToUpperInvariant())], fields, widths));
        foreach (var row in cells)
            await terminal.Output.WriteLineAsync(Line(row, fields, widths));
    }

    // The widest column gives way first, and that of the names last. Where all that may give way is not enough, nothing does: wrapped lines can be read, and cut numbers and times cannot.
    private static void Fit(int[] widths, int[] least, int available)
    {
        if (least.Sum() > available)
            return;
        while (widths.Sum() > available)
            widths[Enumerable.Range(0, widths.Length).Where(i => widths[i] > least[i]).OrderBy(i => i == 0).ThenByDescending(i => widths[i]).First()]--;
    }

    private static int Least(Field field, int column, List<string[]> cells) => field switch
    {
        { AlignRight: true } => cells.Select(c => Cells.Width(c[column])).Append(Narrowest).Max(),
        { IsTime: true } => Zones.ClockWidth + 1,
        _ => column == 0 ? NarrowestFirst : Narrowest,
    };

    private static string Line(string[] row, IReadOnlyList<Field> fields, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < row.Length; i++)
        {
            var cell = Cells.Cut(row[i], widths[i]);
            var padding = new string(' ', widths[i] - Cells.Width(cell));
            line.Append(i == 0 ? "" : Gap).Append(fields[i].AlignRight ? padding + cell : cell + padding);
        }
        return line.ToString().TrimEnd();
    }
}
