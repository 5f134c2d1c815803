namespace OpenAIProxy.Domain.Sizing;

/// <summary>How closely a model is asked to look at an image.</summary>
public enum ImageDetail
{
    /// <summary>The model chooses; also where nothing, or nothing known, was asked for.</summary>
    Auto,

    Low,

    High,
}
