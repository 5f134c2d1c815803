using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Latency;

namespace OpenAIProxy.Simulator;

/// <summary>What the command line says.</summary>
internal sealed record SimulatorOptions
{
    public required string Url { get; init; }

    /// <summary>One more place to listen, with TLS; null: none.</summary>
    public string? HttpsUrl { get; init; }

    /// <summary>A PEM file, with <see cref="CertificateKey"/>; or null, with <see cref="CertificateDirectory"/>.</summary>
    public string? Certificate { get; init; }

    public string? CertificateKey { get; init; }

    /// <summary>Where a certificate made at the start, and its authority, are written to.</summary>
    public string? CertificateDirectory { get; init; }

    public required LatencyModel Latency { get; init; }

    public required ulong Seed { get; init; }

    public required FaultPlan Faults { get; init; }

    /// <summary>Empty: any key is taken that is not empty. Tokens have to be of the simulator's own Entra either way.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    public required DeploymentCatalog Deployments { get; init; }

    /// <summary>What stands before <c>/openai</c>, without a slash at the end; empty by default.</summary>
    public required string BasePath { get; init; }

    /// <summary>Off, requests are counted but not kept: for load tests.</summary>
    public required bool Record { get; init; }
}
