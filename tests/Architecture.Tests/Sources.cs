using System.Text.RegularExpressions;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>The files of the repository that people wrote, by their paths from its root.</summary>
internal static class Sources
{
    private static readonly string[] Made = ["bin", "obj", ".git", ".vs", ".venv", "node_modules", "data", "TestResults", "out", "__pycache__", ".mypy_cache", ".pytest_cache", "dist"];

    private static readonly Lazy<IReadOnlyList<string>> Found = new(() => [.. Walk(Repository.Root).Select(Relative).Order(StringComparer.Ordinal)]);

    public static IReadOnlyList<string> Files => Found.Value;

    public static IEnumerable<string> FilesOf(params string[] extensions) => Files.Where(file => extensions.Contains(Path.GetExtension(file)));

    public static string Read(string file) => File.ReadAllText(Repository.PathOf(file));

    /// <summary>Where something stands in the lines of files, as <c>file:line: what the line says</c>.</summary>
    public static IEnumerable<string> Find(this IEnumerable<string> files, string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        foreach (var file in files)
            foreach (var (number, line) in File.ReadLines(Repository.PathOf(file)).Index())
                if (regex.IsMatch(line))
                    yield return $"{file}:{number + 1}: {line.Trim()}";
    }

    /// <summary>Fails with what stands where it should not, and with what to do about it.</summary>
    public static void ShouldHaveNone(this IEnumerable<string> wrong, string advice)
    {
        var found = wrong.ToList();
        if (found.Count > 0)
            Assert.Fail($"{advice}\n  {string.Join("\n  ", found)}");
    }

    private static IEnumerable<string> Walk(string directory) => Directory.EnumerateFiles(directory)
        .Where(file => !Made.Contains(Path.GetFileName(file)))
        .Concat(Directory.EnumerateDirectories(directory).Where(inner => !Made.Contains(Path.GetFileName(inner))).SelectMany(Walk));

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');
}
