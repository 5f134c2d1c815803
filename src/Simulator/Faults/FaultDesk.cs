using OpenAIProxy.Simulator.Text;

namespace OpenAIProxy.Simulator.Faults;

/// <summary>Holds the current plan and deals its faults. Thread-safe; with one client at a time the dealing is the same each run.</summary>
internal sealed class FaultDesk(FaultPlan plan, ulong seed)
{
    private volatile Deal deal = new(plan, seed);

    public FaultPlan Plan => deal.Plan;

    public IReadOnlyList<long> Hits => deal.Hits();

    public void Set(FaultPlan newPlan) => deal = new Deal(newPlan, seed);

    /// <summary>The first rule that matches and is due, or null.</summary>
    public Fault? Next(string? deployment, string operation) => deal.Next(deployment, operation);

    private sealed class Deal(FaultPlan plan, ulong seed)
    {
        private readonly Lock gate = new();
        private readonly Dice dice = new(seed);
        private readonly long[] matches = new long[plan.Faults.Count];
        private readonly long[] hits = new long[plan.Faults.Count];

        public FaultPlan Plan { get; } = plan;

        public long[] Hits()
        {
            lock (gate)
            {
                return [.. hits];
            }
        }

        public Fault? Next(string? deployment, string operation)
        {
            if (hits.Length == 0)
                return null;
            lock (gate)
            {
                for (var i = 0; i < hits.Length; i++)
                {
                    if (IsDue(i, deployment, operation))
                        return Plan.Faults[i];
                }
            }

            return null;
        }

        private bool IsDue(int index, string? deployment, string operation)
        {
            var fault = Plan.Faults[index];
            if ((fault.Deployment ?? deployment) != deployment || (fault.Operation ?? operation) != operation)
                return false;
            if (++matches[index] <= fault.Skip || hits[index] >= fault.Times)
                return false;
            if (fault.Probability < 1 && dice.Unit() >= fault.Probability)
                return false;
            hits[index]++;
            return true;
        }
    }
}
