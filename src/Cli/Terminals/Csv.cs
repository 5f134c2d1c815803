using System.Text;

namespace OpenAIProxy.Cli.Terminals;

/// <summary>Comma separated values as https://www.rfc-editor.org/rfc/rfc4180 has them.</summary>
internal static class Csv
{
    /// <summary>A row without its end, which no spreadsheet runs.</summary>
    public static string Row(params IEnumerable<string> cells) => string.Join(',', cells.Select(cell => Quoted(Inert(cell))));

    /// <summary>The rows of a text. Where its first line has no comma, semicolons or tabs part the cells: so spreadsheets write them where the comma is in numbers.</summary>
    public static IEnumerable<string[]> Rows(string text)
    {
        var separator = SeparatorOf(text);
        var row = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                cell.Append(text[++i]);
            else if (c == '"' && (isQuoted || cell.Length == 0))
                isQuoted = !isQuoted;
            else if (isQuoted || (c != separator && c is not ('\r' or '\n')))
                cell.Append(c);
            else if (c == separator)
                EndCell();
            else if (c == '\n')
                yield return EndRow();
        }
        if (row.Count > 0 || cell.Length > 0)
            yield return EndRow();

        void EndCell()
        {
            row.Add(cell.ToString().Trim());
            cell.Clear();
        }

        string[] EndRow()
        {
            EndCell();
            string[] ended = [.. row];
            row.Clear();
            return ended;
        }
    }

    private static char SeparatorOf(string text)
    {
        var first = text.AsSpan();
        if (first.IndexOfAny('\r', '\n') is >= 0 and var end)
            first = first[..end];
        return first.Contains(',') ? ',' : first.IndexOfAny(';', '\t') is >= 0 and var at ? first[at] : ',';
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // Attendees choose their names: spreadsheets must not run one that begins as a formula does.
    private static string Inert(string cell) => cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + cell : cell;
}
