using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Keys;

/// <summary>The names in a file: a CSV file if its name says so or a column is named, otherwise one on each line.</summary>
internal static class NameList
{
    private static readonly string[] UsualTitles = ["name", "user", "userid", "user id", "email", "e-mail"];

    public static async Task<IReadOnlyList<string>> ReadAsync(Invocation run, string file, string? column)
    {
        var text = (await TextAsync(run, file)).TrimStart('\uFEFF');
        var isCsv = column is not null || file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        var found = (isCsv ? Column([.. Csv.Rows(text)], column) : text.Split('\n').Select(l => l.Trim())).Where(n => n.Length > 0).ToList();
        if (found.Count == 0)
            throw new CommandFailedException(ExitCode.WrongUsage, $"There is no name in {file}.");
        var names = found.Distinct().ToList();
        if (names.Count < found.Count)
            await run.NoteAsync($"{found.Count - names.Count:N0} names stand there more than once; each gets one key.");
        return names;
    }

    private static IEnumerable<string> Column(List<string[]> rows, string? column)
    {
        if (rows.Count == 0)
            return [];
        var titles = column is null ? UsualTitles : [column];
        var index = Array.FindIndex(rows[0], cell => titles.Contains(cell, StringComparer.OrdinalIgnoreCase));
        if (index < 0 && column is not null)
            throw new CommandFailedException(ExitCode.WrongUsage, $"There is no column '{column}': the first line has {string.Join(", ", rows[0])}.");
        return index < 0 ? rows.Select(r => r[0]) : rows.Skip(1).Select(r => index < r.Length ? r[index] : "");
    }

    private static async Task<string> TextAsync(Invocation run, string file)
    {
        try
        {
            return file == "-"
                ? await run.Terminal.Input.ReadToEndAsync(run.Cancellation)
                : await File.ReadAllTextAsync(run.Surroundings.PathOf(file), run.Cancellation);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.WrongUsage, unreadable.Message);
        }
    }
}
