using System.Text.Json;
using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Errors;

namespace OpenAIProxy.Simulator.Operations.Chat;

/// <summary>A chat body that has passed every check.</summary>
/// <param name="MostTokens">Of output, for each choice.</param>
/// <param name="Prediction">The text that the answer is expected to have; null where there is none.</param>
/// <param name="SearchesData">Whether data of the caller's is searched first.</param>
/// <param name="JsonSchema">Of the answer; an undefined element is any JSON object; null is plain text.</param>
internal sealed record ChatRequest(
    Messages Messages, Tools Tools, int PromptTokens, int Choices, int MostTokens, string[] Stops, bool IsStream, StreamOptions StreamOptions,
    JsonElement? JsonSchema, ulong Seed, string? ReasoningEffort, string? Prediction, bool SearchesData)
{
    private const int MostChoices = 128;

    public static ChatRequest Read(Call call)
    {
        var arguments = new Arguments(call.Body);
        arguments.RefuseUnknown(ChatArguments.SinceByName, call.ApiVersion);
        // Who searches in data answers before the model does, and knows fewer fields.
        var searchesData = (arguments.Any("data_sources") ?? arguments.Any("dataSources")) is not null;
        if (searchesData && arguments.Any("stream_options") is not null)
            throw new RefusedException(AzureProblems.NotBesideData("stream_options"));
        var isStream = arguments.Boolean("stream");
        call.Entry.Streamed = isStream;
        var list = arguments.Array("messages") ?? throw new RefusedException(OpenAIProblems.Missing("messages"));
        if (call.Model.Kind == ModelKind.Reasoning)
            ReasoningRules.Check(arguments);
        arguments.Decimal("temperature", 0, 2);
        arguments.Decimal("top_p", 0, 1);
        arguments.Decimal("presence_penalty", -2, 2);
        arguments.Decimal("frequency_penalty", -2, 2);
        var choices = arguments.Integer("n", 1, MostChoices) ?? 1;
        var messages = Messages.Read(list, call.Model);
        var tools = Tools.Read(arguments, messages);
        var promptTokens = messages.Tokens + tools.PromptTokens;
        return new(messages, tools, promptTokens, choices, OutputLimit.Of(arguments, call.Model, promptTokens), arguments.Stops("stop"), isStream,
            arguments.StreamOptions(isStream), ResponseFormat.Read(arguments, messages), arguments.Seed() ^ call.Seed,
            arguments.Text("reasoning_effort"), Chat.Prediction.Read(arguments, call.Model), searchesData);
    }
}
