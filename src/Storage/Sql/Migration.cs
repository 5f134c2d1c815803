using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpenAIProxy.Storage.Sql;

/// <summary>A numbered step from one shape of the database to the next. Never edited after a release.</summary>
internal sealed record Migration(int Number, string Name, string Sql)
{
    private const string Folder = ".Sql.Migrations.";

    /// <summary>All there are, in their order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    /// <summary>SHA-256 of the text, whatever line ends it was checked out with.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    private static List<Migration> Load()
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(n => n.Contains(Folder, StringComparison.Ordinal)).Select(Read).OrderBy(m => m.Number)];

        Migration Read(string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            // …Sql.Migrations.0001_start.sql
            var name = Path.GetFileNameWithoutExtension(resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..]);
            return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }
}
