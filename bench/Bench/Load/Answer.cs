namespace OpenAIProxy.Bench.Load;

/// <summary>What came back for one request.</summary>
/// <param name="Status">0 where the connection broke.</param>
/// <param name="BodyLength">Without the framing of chunks.</param>
/// <param name="Lines">How many line ends the body has.</param>
/// <param name="IsDone">Whether the body ends as streams do.</param>
/// <param name="FirstByte">When the first byte of the body was there.</param>
internal readonly record struct Answer(int Status, long BodyLength, int Lines, bool IsDone, long FirstByte);
