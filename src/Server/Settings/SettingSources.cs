using System.Globalization;
using System.Text.Json;

namespace OpenAIProxy.Server.Settings;

/// <summary>Collects what was said of each setting, wherever it was said, and every mistake in it.</summary>
internal sealed class SettingSources
{
    public const string FileName = "openai-proxy.json";

    private readonly Dictionary<Setting, string> values = [];

    /// <summary>One line per wrong setting.</summary>
    public List<string> Errors { get; } = [];

    /// <param name="options">What the command line says.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="file">The path of the settings file; it need not exist.</param>
    public SettingSources(IReadOnlyDictionary<Setting, string> options, Func<string, string?> variable, string file)
    {
        var fromFile = ReadFile(file);
        foreach (var setting in AllSettings.List)
            if ((options.GetValueOrDefault(setting) ?? NotEmpty(variable(setting.Variable)) ?? fromFile.GetValueOrDefault(setting.Name) ?? setting.Default) is { } value)
                values[setting] = value;
    }

    public string? Text(Setting setting) => values.GetValueOrDefault(setting);

    public bool? Boolean(Setting setting)
    {
        if (Text(setting) is not { } text)
            return null;
        if (bool.TryParse(text, out var value))
            return value;
        Wrong(setting, "is neither true nor false");
        return null;
    }

    public long Number(Setting setting, long least, long most)
    {
        if (long.TryParse(Text(setting), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Wrong(setting, $"must be a whole number from {least} to {most}, such as {setting.Default}");
        return least;
    }

    public TimeSpan Duration(Setting setting)
    {
        if (DurationText.TryParse(Text(setting), out var value))
            return value;
        Wrong(setting, $"must be a time from 1ms to 24h, such as {setting.Default}");
        return TimeSpan.Zero;
    }

    public void Wrong(Setting setting, string what) => Errors.Add($"{setting.Name}: {(setting.IsSecret ? "the value" : $"'{Text(setting)}'")} {what}.");

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private Dictionary<string, string> ReadFile(string path)
    {
        var read = new Dictionary<string, string>();
        if (!File.Exists(path))
            return read;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            foreach (var property in document.RootElement.EnumerateObject())
                if (AllSettings.List.Any(s => s.Name == property.Name))
                    read[property.Name] = TextOf(property.Value);
                else
                    Errors.Add($"{path}: '{property.Name}' is no setting; they are {string.Join(", ", AllSettings.List.Select(s => s.Name))}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            Errors.Add($"{path}: it must be a JSON object such as {{\"url\": \"http://0.0.0.0:8080\"}}. {e.Message}");
        }
        return read;
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? string.Join(',', value.EnumerateArray().Select(TextOf))
        : value.ToString();
}
