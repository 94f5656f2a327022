using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>
/// Replaces the instances of an old configuration by such of the driven one, within <see cref="UpgradeNumbers"/>.
/// <code>
/// old:  runs ─ may go ─► is ended ─ seen dead ─► a place is free
/// new:                                             └─► waits ─► runs ─ healthy ─► one more old may go
/// </code>
/// </summary>
internal sealed class RollingUpgrade(InstanceBook instances)
{
    /// <summary>Whether the instance runs another configuration than the driven one.</summary>
    public static bool IsOld(AppState app, InstanceState instance) => instance.Spec.LastConfigChangeAt != app.Driven.LastConfigChangeAt;

    /// <summary>Begins, or begins again after a restart; the new configuration is driven already.</summary>
    public void Begin(Turn turn, AppState app, RunningAction running)
    {
        // What waits of the old configuration has not begun to run; what the call named is to go in any case.
        foreach (var instance in app.Instances.Where(instance => (IsOld(app, instance) && instance.Condition == Condition.Scheduled) || running.Action.ToKill.Contains(instance.Id)).ToList())
        {
            instances.Dismiss(turn, instance);
        }
    }

    /// <summary>Does what can be done now; true when only healthy new instances are left.</summary>
    public bool Progress(Turn turn, AppState app, RunningAction running)
    {
        running.Phase = "replacing";
        var now = Census.Of(app, running.Arrived);
        if (!running.IsReckoned)
        {
            Reckon(app, running, now);
        }
        else
        {
            running.Kills += now.Arrivals;
        }

        // All new ones serve: whatever is old may go.
        running.Kills = now.HealthyNew >= running.Numbers.Target ? int.MaxValue : running.Kills;
        var isMoving = EndOld(turn, app, running, now.Healthy) || now.Leaving > 0 || now.Started > now.HealthyNew;
        EndSurplus(turn, app, now.Started - running.Numbers.Target);
        var launch = running.Numbers.LaunchNow(now.Old, now.Started);
        if (launch == 0 && !isMoving && running.IsReckoned && now.Old > 0)
        {
            launch = MakeRoom(turn, app, running) ? 0 : 1;
        }

        launch = app.Driven.UpgradeStrategy.IsOrdered ? Math.Min(launch, now.Started == now.HealthyNew ? 1 : 0) : launch;
        var ordinals = launch > 0 ? new OrdinalSource(app, app.Driven) : null;
        for (; launch > 0; launch--)
        {
            instances.Add(turn, app, app.Driven, ordinals!);
        }

        return now.Old == 0 && now.Started == running.Numbers.Target && (now.HealthyNew == now.Started || app.Driven.IsDaemon);
    }

    /// <summary>
    /// Makes the numbers. After a restart of the host they are made again, and no old instance is ended, until it is known
    /// how the instances are.
    /// </summary>
    private static void Reckon(AppState app, RunningAction running, Census now)
    {
        var (target, strategy) = (app.Driven.Instances, app.Driven.UpgradeStrategy);

        // There is no place for a second instance beside one on every agent: one at least has to go first.
        running.Numbers = app.Driven.IsDaemon
            ? UpgradeNumbers.Of(target, Math.Min(strategy.MinimumHealthCapacity, ((target - 1.0) / Math.Max(target, 1)) - 1e-9), 0, now.Counting, now.Healthy)
            : UpgradeNumbers.Of(target, strategy.MinimumHealthCapacity, strategy.MaximumOverCapacity, now.Counting, now.Healthy, app.Driven.IsResident);
        running.IsReckoned = now.IsKnown;
        running.Kills = now.IsKnown ? running.Numbers.KillNow : 0;
    }

    /// <summary>
    /// Too few are healthy for any old one to go, and there is no place for a new one: an old one goes that does not serve, known
    /// unhealthy ones first, or, if there is none, one new instance comes beyond the capacity. False for the latter.
    /// </summary>
    private bool MakeRoom(Turn turn, AppState app, RunningAction running)
    {
        if (app.Instances.Where(instance => IsOld(app, instance) && instance is { Counts: true, IsHealthy: false, IsKnown: true }).MaxBy(instance => instance.IsKnownUnhealthy) is { } useless)
        {
            instances.Dismiss(turn, useless);
            return true;
        }

        if (app.Driven.IsResident && app.Instances.Find(instance => IsOld(app, instance) && instance.Counts) is { } any)
        {
            instances.Dismiss(turn, any);
            return true;
        }

        running.Numbers = running.Numbers with { MaxCapacity = running.Numbers.MaxCapacity + 1 };
        return false;
    }

    /// <summary>Instances that already run what is wanted stay: only their version becomes the new one.</summary>
    public void Adopt(Turn turn, AppState app)
    {
        var content = AppJson.ContentOf(app.Driven);
        var known = new Dictionary<AppDefinition, bool>(ReferenceEqualityComparer.Instance);
        foreach (var instance in app.Instances.Where(instance => IsOld(app, instance) && !instance.IsDecommissioned).ToList())
        {
            if (!known.TryGetValue(instance.Spec, out var isEqual))
            {
                known[instance.Spec] = isEqual = AppJson.ContentOf(instance.Spec) == content;
            }

            if (isEqual)
            {
                instances.Adopt(turn, instance, app.Driven);
            }
        }
    }

    /// <summary>Ends old instances, unhealthy ones first, but never so many that too few stay healthy. Whether any was ended.</summary>
    private bool EndOld(Turn turn, AppState app, RunningAction running, int healthy)
    {
        // Kills from before a restart are sent again.
        foreach (var instance in app.Instances.Where(instance => instance is { IsLeaving: true, IsBeingKilled: false }).ToList())
        {
            instances.Dismiss(turn, instance);
        }

        if (running.Kills <= 0)
        {
            return false;
        }

        var any = false;
        foreach (var instance in app.Instances.Where(instance => IsOld(app, instance) && instance.Counts).OrderByDescending(instance => instance.IsKnownUnhealthy).ToList())
        {
            var left = healthy - (instance.IsHealthy ? 1 : 0);
            if (running.Kills <= 0 || (!instance.IsKnownUnhealthy && left < running.Numbers.MinHealthy))
            {
                break;
            }

            running.Kills--;
            healthy = left;
            any = true;
            instances.Dismiss(turn, instance);
        }

        return any;
    }

    private void EndSurplus(Turn turn, AppState app, int surplus)
    {
        if (surplus > 0)
        {
            foreach (var victim in VictimSelection.Choose(app.Driven, app.Instances.Where(instance => instance.Counts && !IsOld(app, instance)), surplus))
            {
                instances.Dismiss(turn, victim);
            }
        }
    }

    /// <summary>How many there are of each kind.</summary>
    private readonly record struct Census(int Counting, int Old, int Leaving, int Started, int Healthy, int HealthyNew, int Arrivals, bool IsKnown)
    {
        /// <summary>Counts; new instances that are healthy and ready for the first time are added to <paramref name="arrived"/>.</summary>
        public static Census Of(AppState app, HashSet<InstanceState> arrived)
        {
            var (counting, old, leaving, started, healthy, healthyNew, arrivals, isKnown) = (0, 0, 0, 0, 0, 0, 0, true);
            foreach (var instance in app.Instances)
            {
                var isOld = IsOld(app, instance);
                var isHealthy = instance is { Counts: true, IsHealthy: true } && (isOld || instance.IsReady);
                counting += instance.Counts ? 1 : 0;
                old += (isOld && !instance.IsParked) || instance.IsLeaving ? 1 : 0;
                leaving += instance.IsLeaving ? 1 : 0;
                started += !isOld && instance.Counts ? 1 : 0;
                healthy += isHealthy ? 1 : 0;
                healthyNew += !isOld && isHealthy ? 1 : 0;
                arrivals += !isOld && isHealthy && arrived.Add(instance) ? 1 : 0;
                isKnown &= instance.IsKnown;
            }

            return new Census(counting, old, leaving, started, healthy, healthyNew, arrivals, isKnown);
        }
    }
}
