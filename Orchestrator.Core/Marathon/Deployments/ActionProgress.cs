using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>What a deployment has to remember of one app through a restart of the host.</summary>
internal sealed class ActionProgress
{
    /// <summary>New instances that failed.</summary>
    public int Failures { get; set; }

    /// <summary>The command before the deployment finished well.</summary>
    public bool IsHookDone { get; set; }

    /// <summary>Colour of the new instances of a blue-green upgrade; null before it began.</summary>
    public Colour? Colour { get; set; }

    /// <summary>When the traffic went to the new colour; null before.</summary>
    public DateTimeOffset? SwitchedAt { get; set; }
}
