using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>An action under way, with what it remembers until it ends.</summary>
internal sealed class RunningAction(DeploymentState deployment, DeploymentAction action)
{
    public DeploymentState Deployment => deployment;

    public DeploymentAction Action => action;

    /// <summary>What is durable of it.</summary>
    public ActionProgress Progress { get; } = deployment.ProgressOf(action.AppId);

    /// <summary>When its step began, maybe before a restart of the host.</summary>
    public DateTimeOffset BeganAt { get; } = deployment.Times[deployment.Step].Began!.Value;

    /// <summary>When it has to be done; null for never.</summary>
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>When something of it is due by the clock; null for nothing.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>The command before the deployment is not done.</summary>
    public bool IsBeforeHook { get; set; }

    /// <summary>The command before the deployment ran for too long and is being killed.</summary>
    public bool IsHookLate { get; set; }

    /// <summary>The new colour of a blue-green upgrade; null for other actions.</summary>
    public Colour? NewColour { get; set; }

    /// <summary>Why it cannot succeed; null while it can.</summary>
    public string? Failure { get; set; }

    /// <summary>
    /// For people: <c>preDeployment</c>, <c>scaling</c>, <c>replacing</c>, <c>starting</c> (the new colour), <c>soaking</c>,
    /// <c>draining</c> (the old colour), <c>stopping</c>.
    /// </summary>
    public string? Phase { get; set; }

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

    /// <summary>
    /// An old instance that failed comes again as it was: before the command has finished nothing is replaced, and the colour that
    /// carries the traffic stays whole until the switch.
    /// </summary>
    public bool Keeps(InstanceState instance) => IsBeforeHook || (NewColour is { } colour && colour != instance.App.ActiveColour && instance.Colour == instance.App.ActiveColour);
}
