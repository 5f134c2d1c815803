using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage;

namespace OpenAIProxy.Portal.Problems;

/// <summary>What is not there, or not for the eyes of who asks: the answer is the same.</summary>
internal static class Missing
{
    public static ChangeRefusedException Thing(string kind, string name) => new(WhyRefused.Missing, "Name", $"There is no {kind} '{name}'.");

    public static ChangeRefusedException Thing(string kind, long id) => Thing(kind, id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <exception cref="ChangeRefusedException">The text is no event code: there is no such event.</exception>
    public static EventCode EventCodeOrMissing(string text) => EventCode.TryParse(text, out var code) ? code : throw Thing("event", text);
}
