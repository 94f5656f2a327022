using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Hosting.Probing;

/// <summary>Simulated tasks have nothing that could be asked: they count as alive.</summary>
public sealed class SimulatedProbe : IProbe
{
    /// <inheritdoc/>
    public Task<ProbeResult> AskAsync(ProbeTarget target, CancellationToken cancellationToken) => Task.FromResult(new ProbeResult(true, null)
    {
        Response = target.Readiness is { } check ? new ReadinessResponse(check.ReadyStatuses[0], "", "") : null,
    });
}
