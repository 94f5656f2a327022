namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>One requirement of an app against one agent.</summary>
/// <param name="Kind">What is looked at.</param>
/// <param name="Needed">What an instance needs, for people: <c>2 cpus</c>.</param>
/// <param name="Total">What the agent has in all for the app's role: <c>4 cpus</c>; empty where there is nothing to count.</param>
/// <param name="Used">What of it tasks hold or others are being offered: <c>3.5 cpus</c>; empty where there is nothing to count.</param>
/// <param name="Available">What is left: <c>0.5 cpus</c>, <c>rack is r4</c>.</param>
/// <param name="Met">Whether it is met.</param>
public sealed record RequirementCheck(WaitReason Kind, string Needed, string Total, string Used, string Available, bool Met)
{
    /// <summary>How much is missing, in the unit of the requirement (cpus, MiB, gpus, ports); 0 where nothing is or nothing can be counted.</summary>
    public double Shortfall { get; init; }

    /// <summary>How much of an amount is left, in the same unit; 0 where nothing can be counted.</summary>
    public double AvailableAmount { get; init; }

    /// <summary>How much there is in all, in the same unit; 0 where nothing can be counted.</summary>
    public double TotalAmount { get; init; }

    /// <summary>The smallest change that would meet it; null when it is met.</summary>
    public string? Advice { get; init; }
}
