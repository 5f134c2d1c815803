using System.Text.Json;
using OpenAIProxy.Simulator.Control;
using OpenAIProxy.Simulator.Operations;

namespace OpenAIProxy.Simulator.Faults;

/// <summary>Reads a plan; what it does not know it refuses by the name of the field, so that a typing error breaks no test silently.</summary>
internal static class FaultPlanReader
{
    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    /// <exception cref="WrongFieldException">Names the field.</exception>
    public static FaultPlan Read(ReadOnlyMemory<byte> json)
    {
        using var document = SentJson.Parse(json, "the plan");
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("faults", out var faults) || faults.ValueKind != JsonValueKind.Array)
            throw new WrongFieldException("faults", """an array is expected: {"faults":[…]}""");
        foreach (var property in root.EnumerateObject().Where(property => property.Name != "faults"))
            throw new WrongFieldException(property.Name, "is not a field of a plan; it has faults only");
        return new(faults.EnumerateArray().Select((fault, index) => ReadFault(fault, $"faults[{index}]")).ToArray(), root.GetRawText());
    }

    private static Fault ReadFault(JsonElement element, string at)
    {
        var fields = new Fields(element, at, "a fault");
        var kindName = fields.Text("kind") ?? throw new WrongFieldException($"{at}.kind", "is missing; " + KindNames());
        var kind = Array.Find(Kinds, kind => Name(kind) == kindName);
        if (Name(kind) != kindName)
            throw new WrongFieldException($"{at}.kind", $"'{kindName}' is not a kind; " + KindNames());
        RefuseForeign(kind, fields);
        var fault = new Fault(kind)
        {
            Deployment = fields.Text("deployment"),
            Operation = fields.OneOf("operation", [.. Operation.All.Select(operation => operation.Path)]),
            Times = fields.Integer("times", 1),
            Skip = fields.Integer("skip", 0) ?? 0,
            Probability = fields.Fraction("probability") ?? 1,
            After = (int?)fields.Integer("after", 0),
            InBody = fields.OneOf("at", "headers", "body") == "body",
            Pause = TimeSpan.FromMilliseconds(fields.Integer("milliseconds", 0) ?? 0),
            Event = fields.Json("event"),
            Answer = FaultAnswer.Read(kind, fields),
        };
        fields.RefuseOthers();
        return fault;
    }

    // A field that its kind does not look at is a misunderstanding.
    private static void RefuseForeign(FaultKind kind, Fields fields)
    {
        string[] own = kind switch
        {
            FaultKind.Status or FaultKind.Html => ["status", "body", "headers", "contentType"],
            FaultKind.Redirect => ["status", "headers", "contentType", "location"],
            FaultKind.EmptyBody or FaultKind.OddShape => ["status", "headers", "contentType"],
            FaultKind.Reset or FaultKind.Hold => ["after", "at"],
            FaultKind.Truncate => ["after"],
            FaultKind.ErrorEvent => ["after", "event"],
            _ => [],
        };
        foreach (var name in (string[])["status", "body", "headers", "contentType", "location", "after", "at", "event"])
        {
            if (!own.Contains(name) && fields.Any(name) is not null)
                throw fields.Wrong(name, $"is not a field of {Name(kind)}");
        }
    }

    public static string Name(FaultKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static string KindNames() => "one of " + string.Join(", ", Kinds.Select(Name));
}
