using System.Text.Json;

namespace OpenAIProxy.Storage.Configuration;

/// <summary>All that is wrong with a document, so that it can be mended at once.</summary>
internal sealed class ConfigurationErrors
{
    private readonly List<FieldError> errors = [];
    private WhyRefused? kind;

    public void Add(string path, string reason, WhyRefused of = WhyRefused.Invalid)
    {
        errors.Add(new FieldError(path, reason));
        // Where several are wrong in different ways, the document is.
        kind = kind is null || kind == of ? of : WhyRefused.Invalid;
    }

    public async Task CollectAsync(string path, Func<Task> put)
    {
        try
        {
            await put();
        }
        catch (ChangeRefusedException refusal)
        {
            foreach (var error in refusal.Errors)
                Add($"{path}/{JsonNamingPolicy.CamelCase.ConvertName(error.Field)}", error.Reason, refusal.Kind);
        }
    }

    public void ThrowIfAny()
    {
        if (errors.Count > 0)
            throw new ChangeRefusedException(kind!.Value, errors);
    }
}
