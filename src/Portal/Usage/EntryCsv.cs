using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenAIProxy.Storage.Ledger.Entries;

namespace OpenAIProxy.Portal.Usage;

/// <summary>Entries as https://www.rfc-editor.org/rfc/rfc4180 has them.</summary>
internal static class EntryCsv
{
    public const string ContentType = "text/csv; charset=utf-8";

    public const string Header =
        "id,request,event,attendee,attendeeName,model,operation,at,settledAt,reservedInput,statedInput,reservedOutput,reservedCost,input,cachedInput,output,reasoning,cost,exactness,outcome\r\n";

    public static string Rows(IReadOnlyList<EntryView> entries)
    {
        var text = new StringBuilder();
        foreach (var e in entries)
            text.AppendJoin(
                ',',
                Number(e.Id), e.Request, e.Event, Number(e.Attendee), Quoted(e.AttendeeName ?? ""), Quoted(e.Model), Word(e.Operation), Time(e.At), Time(e.SettledAt),
                Number(e.ReservedInput), Number(e.StatedInput), Number(e.ReservedOutput), Number(e.ReservedCost), Number(e.Input), Number(e.CachedInput), Number(e.Output),
                Number(e.Reasoning), Number(e.Cost), Word(e.Exactness), Word(e.Outcome)).Append("\r\n");
        return text.ToString();
    }

    // Attendees choose their names: spreadsheets must not run one that begins as a formula does.
    private static string Quoted(string text)
    {
        var safe = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
