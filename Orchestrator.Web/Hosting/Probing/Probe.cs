namespace Orchestrator.Web.Hosting.Probing;

/// <summary>One health check of one task as the schedule keeps it.</summary>
internal sealed class Probe(ProbeTarget target)
{
    public ProbeTarget Target => target;

    /// <summary>Waits in the queue; otherwise it is being made.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Its task is gone: no further result counts. It leaves the queue when its time comes.</summary>
    public bool IsGone { get; set; }
}
