namespace OpenAIProxy.Domain.Sizing;

/// <summary>
/// What of a request's body decides how many input tokens it has: counts that one pass over it can make, whatever the operation.
/// Each is at least 0; bodies are limited, so none comes near the end of its range.
/// </summary>
public sealed record RequestSize
{
    /// <summary>
    /// Bytes of UTF-8 of all text that the model reads: contents, roles, names, prompts, inputs, suffixes, results of tools, and
    /// calls of tools with all of their JSON, whose punctuation makes up for what the format puts in its place; also of the data of files. Counted with
    /// JSON's escapes it is larger, and still right.
    /// </summary>
    public long TextBytes { get; init; }

    /// <summary>Those of <see cref="TextBytes"/> above 0x7F: other scripts have fewer bytes in a token than English. At most <see cref="TextBytes"/>.</summary>
    public long NonAsciiBytes { get; init; }

    /// <summary>Bytes of UTF-8 of what the client predicts of the answer, with all of its JSON. Not in <see cref="TextBytes"/>.</summary>
    public long PredictionBytes { get; init; }

    /// <summary>Those of <see cref="PredictionBytes"/> above 0x7F.</summary>
    public long PredictionNonAsciiBytes { get; init; }

    /// <summary>Tokens that the client sent as numbers instead of text.</summary>
    public long TokenNumbers { get; init; }

    /// <summary>Messages of a chat.</summary>
    public long Messages { get; init; }

    /// <summary>Parts into which contents of messages are divided, images included.</summary>
    public long Parts { get; init; }

    /// <summary>Messages that have a <c>name</c>.</summary>
    public long Names { get; init; }

    /// <summary>Prompts or inputs, in operations that have no messages.</summary>
    public long Prompts { get; init; }

    /// <summary>Tools, functions and schemas of answers that the model is told of.</summary>
    public long Tools { get; init; }

    /// <summary>Bytes of their JSON, as they stand in the body.</summary>
    public long ToolBytes { get; init; }

    public IReadOnlyList<ImageSize> Images { get; init; } = [];

    /// <summary>Images beyond <see cref="Images"/>, where they are too many to keep: each is taken for the dearest.</summary>
    public long MoreImages { get; init; }

    /// <summary>Whether it has something whose tokens cannot be told from its bytes: a file, sound, or a reference to what lies elsewhere.</summary>
    public bool IsOpaque { get; init; }

    /// <summary>
    /// Whether what makes it opaque is a part of a content, such as a file, of which the model sees images: of a PDF each page is one, beside its text.
    /// https://platform.openai.com/docs/guides/pdf-files
    /// </summary>
    public bool HasFile { get; init; }

    /// <summary>
    /// Whether the model is called twice for it: to find out what to look for in the client's data, and to answer. Such a request is opaque, too.
    /// https://learn.microsoft.com/azure/ai-foundry/openai/concepts/use-your-data#token-usage-estimation-for-azure-openai-on-your-data
    /// </summary>
    public bool SearchesData { get; init; }
}
