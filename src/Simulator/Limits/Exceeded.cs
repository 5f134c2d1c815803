namespace OpenAIProxy.Simulator.Limits;

internal enum Exceeded
{
    Nothing,
    Tokens,
    Requests,
}
