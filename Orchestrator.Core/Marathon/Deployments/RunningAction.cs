using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>An action under way, with what it remembers until it ends.</summary>
internal sealed class RunningAction(DeploymentState deployment, DeploymentAction action)
{
    public DeploymentState Deployment => deployment;

    public DeploymentAction Action => action;

    /// <summary>A scaling that only takes away: done when what it ended has ended, healthy or not.</summary>
    public bool IsShrinking { get; set; }

    /// <summary>The numbers stand: the health of all instances was known when they were made.</summary>
    public bool IsReckoned { get; set; }

    /// <summary>The numbers of a restart.</summary>
    public UpgradeNumbers Numbers { get; set; }

    /// <summary>Old instances that a restart may still end.</summary>
    public int Kills { get; set; }

    /// <summary>New instances that were healthy once: each let one old instance be ended.</summary>
    public HashSet<InstanceState> Arrived { get; } = [];
}
