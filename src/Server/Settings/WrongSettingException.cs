namespace OpenAIProxy.Server.Settings;

/// <summary>A setting that only shows to be wrong when it is used; the message is the line that says so.</summary>
internal sealed class WrongSettingException(Setting setting, string? text, string what) : Exception($"{setting.Name}: '{text}' {what}.");
