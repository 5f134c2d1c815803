using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Server.Demo;

/// <summary>What the demo puts into the database. What is there already is left as organisers have changed it.</summary>
internal static class DemoEvent
{
    public const string Code = "hackathon";

    /// <summary>The directory whose tokens the demo event admits. It is none of Entra ID's: the simulator issues tokens of any that it is asked for.</summary>
    public const string TokenTenant = "11111111-1111-4111-8111-111111111111";

    /// <summary>Whom those tokens must be for.</summary>
    public const string TokenAudience = "api://openai-proxy";

    private const string Backend = "simulator";
    private static readonly TimeSpan Length = TimeSpan.FromDays(7);

    /// <summary>Opens the demo event for seven days from now, on the simulator at <paramref name="simulator"/>, whose tokens it admits.</summary>
    public static async Task OpenAsync(Change change, Uri simulator, TimeProvider time)
    {
        // The simulator takes any key that is not empty; this one opens nothing.
        await change.Backends.PutAsync(new BackendDefinition { Name = Backend, Endpoint = simulator.ToString(), ApiKey = "simulator" });
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), Zone).DateTime;
        // People read it: to the minute.
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        var code = EventCode.Parse(Code);
        var known = await change.Events.GetAsync(code);
        var opened = known ?? await CreateAsync(change, simulator);
        await change.Events.PutAsync(opened with
        {
            Start = now,
            End = now + Length,
            TimeZone = Zone.Id,
            State = EventState.Open,
            TokenAdmission = IsOfDemo(opened.TokenAdmission) ? await AdmissionAsync(change, simulator) : opened.TokenAdmission,
        });
        if (known is null)
        {
            foreach (var limit in DefaultLimits.All)
                await change.Limits.AddAsync(code, limit);
        }
    }

    private static bool IsOfDemo(TokenAdmissionDefinition? admission) => admission?.TenantId == TokenTenant;

    // The simulator gives tokens to whoever asks: they must open nothing but the simulator, and come from this machine.
    private static async Task<TokenAdmissionDefinition?> AdmissionAsync(Change change, Uri simulator) =>
        simulator.IsLoopback && (await change.Deployments.ListAsync()).All(d => string.Equals(d.Backend, Backend, StringComparison.OrdinalIgnoreCase)) ? Admission(simulator) : null;

    private static TokenAdmissionDefinition Admission(Uri simulator) =>
        new() { TenantId = TokenTenant, Audiences = [TokenAudience], Authority = simulator.ToString() };

    // What people at this machine call the time of day.
    private static TimeZoneInfo Zone => TimeZoneInfo.Local.HasIanaId ? TimeZoneInfo.Local : TimeZoneInfo.Utc;

    private static async Task AddAsync(Change change, Model model)
    {
        await change.Models.PutAsync(model);
        await change.Prices.PutKnownAsync(model.Name);
    }

    private static async Task<EventDefinition> CreateAsync(Change change, Uri simulator)
    {
        foreach (var model in DemoModels.All)
        {
            if (await change.Models.GetAsync(model.Name) is null)
                await AddAsync(change, model);
            await change.Deployments.PutAsync(new DeploymentDefinition(model.Name, Backend, model.Name));
        }
        return new EventDefinition
        {
            Code = Code,
            Name = "Demo hackathon",
            Description = "Try anything: the answers come from the built-in **simulator**, which costs nothing.",
            Organiser = new Organiser("The demo", null),
            Start = default,
            End = default,
            TimeZone = Zone.Id,
            Models = [.. DemoModels.All.Select(m => m.Name)],
            Defaults = new Dictionary<Operation, string>
            {
                [Operation.ChatCompletions] = "gpt-4o",
                [Operation.Completions] = "gpt-3.5-turbo-instruct",
                [Operation.Embeddings] = "text-embedding-3-small",
            },
            TokenAdmission = Admission(simulator),
        };
    }
}
