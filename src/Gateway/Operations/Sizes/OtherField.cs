namespace OpenAIProxy.Gateway.Operations.Sizes;

/// <summary>What a field that the gateway does not otherwise read means for what the request can cost.</summary>
internal enum OtherField
{
    /// <summary>The model may read it. Also where it is not known: nothing may be free because it is new.</summary>
    Text,

    /// <summary>A setting or a mark, which the model does not read.</summary>
    Unread,

    /// <summary>A list of functions.</summary>
    Functions,

    /// <summary>Which tool or function is to be used.</summary>
    Choice,

    /// <summary>The format of the answer, maybe with a schema.</summary>
    Format,

    /// <summary>What the client expects the answer to be.</summary>
    Prediction,

    /// <summary>How soon the request is to be worked on, which has its price.</summary>
    Tier,

    /// <summary>What the answer is to be made of: text, or sound as well.</summary>
    Modalities,

    /// <summary>The voice of an answer.</summary>
    Voice,

    /// <summary>Data of the client's, in which another call of the model searches first.</summary>
    Data,

    /// <summary>It brings in text that a search of the web finds.</summary>
    WebSearch,

    /// <summary>It brings in text that another service reads in an image.</summary>
    Enhancements,
}
