using OpenAIProxy.Domain.Ledger;

namespace OpenAIProxy.Gateway.Admission;

/// <summary>What was set aside, and what that leaves.</summary>
internal sealed record Granted(Reservation Reservation, Allowance Allowance);
