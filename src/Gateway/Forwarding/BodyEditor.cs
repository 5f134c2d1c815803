using System.Globalization;
using System.Text;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Admission;
using OpenAIProxy.Gateway.Operations;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// Says what must be changed in a body before it goes upstream; everything else stays byte for byte as the client wrote it.
/// </summary>
internal readonly struct BodyEditor
{
    private readonly Call call;
    private readonly List<BodyEdit> edits = [];
    private readonly List<JsonField> removed = [];
    private readonly List<string> added = [];

    private BodyEditor(Call call) => this.call = call;

    /// <returns>The changes, in the order of the body.</returns>
    public static IReadOnlyList<BodyEdit> For(Call call, Admitted admitted, string apiVersion)
    {
        if (admitted.IsOwn)
            return [];
        var editor = new BodyEditor(call);
        editor.RenameStopSequence();
        if (call.Operation.HasOutput)
            editor.LimitOutput(admitted.OutputLimit, admitted.Offer.Model.Family);
        if (AsksForUsageItself(call, admitted, apiVersion))
            editor.AskForUsage();
        return editor.Finish();
    }

    /// <summary>
    /// Whether the usage in the stream is for us alone: the client did not ask for it. Azure refuses the question beside a search in the client's data, in every
    /// version: https://github.com/openai/openai-python/issues/2296, https://github.com/Azure/azure-sdk-for-net/issues/50719
    /// </summary>
    public static bool AsksForUsageItself(Call call, Admitted admitted, string apiVersion) =>
        !admitted.IsOwn && call.Streaming && !call.AsksForUsage && !call.Size.SearchesData && ApiVersion.ReportsUsageInStreams(apiVersion);

    // The first SDK of this API calls the field so; Azure knows it as stop only.
    private void RenameStopSequence()
    {
        var (old, stop) = (call.Fields[Field.StopSequence], call.Fields[Field.Stop]);
        if (!old.IsPresent)
            return;
        if (stop.HasValue || old.IsNull)
        {
            Remove(old);
            return;
        }
        Remove(stop);
        Rename(old, "stop");
    }

    // Afterwards the body has the field that the model's family knows, or none, but never both.
    private void LimitOutput(long? limit, ModelFamily family)
    {
        var (known, other) = family == ModelFamily.Reasoning ? (Field.MaxCompletionTokens, Field.MaxTokens) : (Field.MaxTokens, Field.MaxCompletionTokens);
        var (right, wrong) = (call.Fields[known], call.Fields[other]);
        // Where both have a value the smaller one counts, so the right field may have to change even when the cap does not ask for it.
        if (right.HasValue && wrong.HasValue)
            limit ??= call.OutputAsked;
        if (right.HasValue || !wrong.HasValue)
        {
            Remove(wrong);
            if (limit is { } value)
                SetValue(right, FieldNames.Of(known), value);
            return;
        }
        Remove(right);
        Rename(wrong, FieldNames.Of(known));
        if (limit is { } lower)
            SetValue(wrong, FieldNames.Of(known), lower);
    }

    private void AskForUsage()
    {
        var options = call.Fields[Field.StreamOptions];
        if (!options.IsPresent)
            added.Add("\"stream_options\":{\"include_usage\":true}");
        else if (options.IsNull)
            Replace(options.ValueStart, options.ValueEnd, "{\"include_usage\":true}");
        else if (call.IncludeUsage.IsPresent)
            Replace(call.IncludeUsage.ValueStart, call.IncludeUsage.ValueEnd, "true");
        else
            Replace(options.ValueStart + 1, options.ValueStart + 1, call.StreamOptionCount == 0 ? "\"include_usage\":true" : "\"include_usage\":true,");
    }

    private void SetValue(JsonField field, string name, long value)
    {
        var digits = value.ToString(CultureInfo.InvariantCulture);
        if (field.IsPresent)
            Replace(field.ValueStart, field.ValueEnd, digits);
        else
            added.Add($"\"{name}\":{digits}");
    }

    private void Rename(JsonField field, string name) => Replace(field.NameStart, field.NameEnd, $"\"{name}\"");

    private void Remove(JsonField field)
    {
        if (field.IsPresent)
            removed.Add(field);
    }

    private void Replace(int start, int end, string text) => edits.Add(new BodyEdit(start, end, Encoding.UTF8.GetBytes(text)));

    private List<BodyEdit> Finish()
    {
        foreach (var field in removed)
            edits.Add(RemovalOf(field));
        if (added.Count > 0)
            Replace(call.ObjectStart, call.ObjectStart, string.Join(',', added) + (call.FieldCount > removed.Count ? "," : ""));
        // Stable, so that what is added at the beginning comes before the first field, which may be changed there too.
        return edits.Count < 2 ? edits : [.. edits.OrderBy(e => e.Start).ThenBy(e => e.End)];
    }

    // With its comma: the one before it where a field that stays stands before it, else the one after it.
    private BodyEdit RemovalOf(JsonField field)
    {
        var removedBefore = 0;
        foreach (var other in removed)
            if (other.Index < field.Index)
                removedBefore++;
        if (field.Index > removedBefore)
            return new BodyEdit(field.PreviousEnd, field.ValueEnd, []);
        return new BodyEdit(field.NameStart, field.NextStart == 0 ? field.ValueEnd : field.NextStart, []);
    }
}
