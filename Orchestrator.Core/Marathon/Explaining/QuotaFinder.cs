using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>Whether the quota of the app's role, or of a role above it, leaves room for one more instance.</summary>
internal static class QuotaFinder
{
    private static readonly (WaitReason Kind, string Name)[] s_scalars = [(WaitReason.Cpus, "cpus"), (WaitReason.Mem, "mem"), (WaitReason.Disk, "disk"), (WaitReason.Gpus, "gpus")];

    public static void Add(List<WaitObstacle> obstacles, AppDefinition app, string role, ClusterSnapshot cluster)
    {
        for (var limited = role; limited.Length > 0; limited = limited.Contains('/', StringComparison.Ordinal) ? limited[..limited.LastIndexOf('/')] : "")
        {
            if (!cluster.Quotas.TryGetValue(limited, out var quota))
            {
                continue;
            }

            var held = HeldBy(cluster, limited);
            foreach (var ((kind, name), amount) in s_scalars.Zip([app.Cpus, app.Mem, app.Disk, app.Gpus]))
            {
                var needed = Quantity.FromDouble(amount);
                if (needed > Quantity.Zero && quota.Limits.TryGetValue(name, out var limit) && Quantity.FromDouble(limit.Value) - held.Scalar(name) is var left && left < needed)
                {
                    obstacles.Add(Obstacle(kind, limited, needed, Quantity.FromDouble(limit.Value), left));
                }
            }
        }
    }

    private static WaitObstacle Obstacle(WaitReason kind, string role, Quantity needed, Quantity limit, Quantity left)
    {
        left = left < Quantity.Zero ? Quantity.Zero : left;
        return new WaitObstacle(
            WaitReason.Quota, Amounts.Of(kind, needed), $"{Amounts.Of(kind, left)} of the limit of {limit}",
            $"The quota of role {role} limits it to {Amounts.Of(kind, limit)}, of which {left} are left; an instance needs {needed}.",
            $"raise the limit of role {role} to {Amounts.Of(kind, limit + needed - left)}, or free {Amounts.Of(kind, needed - left)} in the role", Blocks: true);
    }

    /// <summary>What the role and all below it hold.</summary>
    private static ResourceList HeldBy(ClusterSnapshot cluster, string role)
    {
        var held = ResourceList.Empty;
        foreach (var view in cluster.Roles)
        {
            if (view.Name == role || view.Name.StartsWith(role + "/", StringComparison.Ordinal))
            {
                held += view.Allocated;
            }
        }

        return held;
    }
}
