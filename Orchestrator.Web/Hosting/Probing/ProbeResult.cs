using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Hosting.Probing;

/// <summary>What one health check found.</summary>
/// <param name="Alive">True or false; null for no result (an ignored 1xx).</param>
/// <param name="Cause">Why not alive.</param>
public readonly record struct ProbeResult(bool? Alive, string? Cause)
{
    /// <summary>What a readiness check was answered; null for health checks, and when nobody answered.</summary>
    public ReadinessResponse? Response { get; init; }
}
