using System.Globalization;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Catalog;

/// <summary>Reads <c>NAME=MODEL[,tpm=N][,rpm=N]</c>. Answers say the name in a header, so it is ASCII.</summary>
internal static class DeploymentText
{
    public const string Form = "NAME=MODEL[,tpm=N][,rpm=N], for example mine=gpt-4o,tpm=30000";

    public static Deployment Read(string text)
    {
        var parts = text.Split(',');
        if (parts[0].Split('=') is not [{ Length: > 0 } name, { Length: > 0 } modelName] || !HeaderText.IsValue(name))
            throw new ArgumentException($"'{text}' is not a deployment: {Form}.");
        var model = KnownModels.Find(modelName)
            ?? throw new ArgumentException($"'{modelName}' is not a model; one of {string.Join(", ", KnownModels.All.Select(m => m.Name))}.");
        return new Deployment(name, model, Quota(parts, "tpm", text), Quota(parts, "rpm", text));
    }

    private static long? Quota(string[] parts, string name, string text)
    {
        foreach (var part in parts.Skip(1))
        {
            var pair = part.Split('=');
            if (pair is not [("tpm" or "rpm"), var number] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < 1)
                throw new ArgumentException($"'{part}' in '{text}' is not a quota: {Form}.");
            if (pair[0] == name)
                return value;
        }

        return null;
    }
}
