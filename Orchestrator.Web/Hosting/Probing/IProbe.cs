namespace Orchestrator.Web.Hosting.Probing;

/// <summary>Makes one health check.</summary>
public interface IProbe
{
    /// <summary>Asks once, within the target's timeout. Whatever goes wrong is the result; only a stop of the host throws.</summary>
    /// <exception cref="OperationCanceledException">The host stops.</exception>
    Task<ProbeResult> AskAsync(ProbeTarget target, CancellationToken cancellationToken);
}
