using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>Whether the cluster can launch anything at all.</summary>
internal static class ReadinessFinder
{
    public static void Add(List<WaitObstacle> obstacles, ServicesSnapshot services, ClusterSnapshot cluster)
    {
        if (!services.Connected)
        {
            obstacles.Add(new WaitObstacle(
                WaitReason.Readiness, "a subscription at the master", services.FrameworkId is null ? "not subscribed yet" : "disconnected",
                "The services engine is not subscribed at the master; what runs goes on, nothing new is launched.",
                "wait for the master, or look at the log of the host if this lasts", Blocks: true));
        }

        var (registered, usable) = (0, 0);
        foreach (var agent in cluster.Agents)
        {
            registered += agent is null ? 0 : 1;
            usable += agent is { Connected: true, Active: true } ? 1 : 0;
        }

        var recovering = cluster.RecoveredAgents.Count;
        if (usable == 0)
        {
            obstacles.Add(new WaitObstacle(
                WaitReason.Readiness, "an agent that is connected and active", $"{Amounts.Count(registered, "registered agent")}, none of them usable",
                registered == 0 ? "No agent is registered." : "No registered agent is connected and active.",
                recovering > 0 ? $"wait for the {Amounts.Count(recovering, "agent")} known from before the restart of the master" : "start an agent, or bring one back", Blocks: true));
        }
        else if (recovering > 0)
        {
            obstacles.Add(new WaitObstacle(
                WaitReason.Readiness, "all agents from before the restart of the master", $"{Amounts.Count(recovering, "agent")} not back yet",
                $"{Amounts.Count(recovering, "agent")} from before the restart of the master {(recovering == 1 ? "has" : "have")} not come back yet.",
                "wait until they have registered again", Blocks: false));
        }
    }
}
