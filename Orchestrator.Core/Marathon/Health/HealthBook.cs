using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Deployments;
using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Health;

/// <summary>
/// What health checks say. A result that differs from the one before is durable: after a restart of the host instances are as
/// healthy as they were, and failures are counted anew.
/// </summary>
internal sealed class HealthBook(ServicesState state, InstanceBook instances, Killer killer)
{
    /// <summary>A check that this host ran.</summary>
    public void Checked(Turn turn, MarathonCommand.HealthChecked result)
    {
        if (!state.Tasks.TryGetValue(result.TaskId, out var instance) || instance.Condition != Condition.Running
            || result.CheckIndex < 0 || result.CheckIndex >= instance.Health.Length || result.Alive is not { } alive)
        {
            return;
        }

        var check = instance.Spec.HealthChecks[result.CheckIndex];
        Note(turn, instance, result.CheckIndex, alive, result.Cause);
        if (!alive && instance.Health[result.CheckIndex] is { } health && check.MaxConsecutiveFailures > 0 && health.ConsecutiveFailures >= check.MaxConsecutiveFailures && !instance.IsBeingKilled)
        {
            EventWriter.UnhealthyKill(turn, instance, result.Cause ?? "");
            FailureBudget.Note(turn, instance);
            killer.Kill(turn, instance, atOnce: true);
        }
    }

    /// <summary>A check that the agent ran; it kills by itself what fails too often.</summary>
    public void Reported(Turn turn, InstanceState instance, bool alive, string cause)
    {
        for (var i = 0; i < instance.Spec.HealthChecks.Count; i++)
        {
            if (!instance.Spec.HealthChecks[i].IsAskedByHost)
            {
                Note(turn, instance, i, alive, cause);
                return;
            }
        }
    }

    /// <summary>A check of one container of a pod, which the agent ran.</summary>
    public void Reported(Turn turn, InstanceState instance, int index, bool alive, string cause) => Note(turn, instance, index, alive, cause);

    private void Note(Turn turn, InstanceState instance, int index, bool alive, string? cause)
    {
        var check = instance.Spec.HealthChecks[index];
        var health = instance.Health[index];
        if (instance.AwaitsHealth)
        {
            instance.AwaitsHealth = false;
            instances.Touch(instance);
        }

        if (!alive && health?.FirstSuccess is null && IsInGrace(turn, instance, check))
        {
            return;
        }

        var before = instance.Healthy;
        var wasAlive = health?.Alive;
        health = instance.Health[index] ??= new HealthState();
        health.Alive = alive;
        if (alive)
        {
            health.ConsecutiveFailures = 0;
            health.FirstSuccess ??= turn.Now;
            health.LastSuccess = turn.Now;
        }
        else
        {
            health.ConsecutiveFailures++;
            (health.LastFailure, health.LastFailureCause) = (turn.Now, cause);
            EventWriter.CheckFailed(turn, instance, check);
        }

        if (wasAlive != alive)
        {
            Storage.Store(turn, instance);
            EventWriter.HealthChanged(turn, instance, alive);
        }

        if (before != instance.Healthy)
        {
            EventWriter.InstanceHealthChanged(turn, instance);
            instances.Touch(instance);
        }
        else
        {
            instance.Changed();
            state.Show(instance.App);
        }
    }

    /// <summary>Until it was healthy once, failures do not count for this long.</summary>
    private static bool IsInGrace(Turn turn, InstanceState instance, HealthCheckDefinition check) =>
        instance.StartedAt is { } started && turn.Now < started.AddSeconds(check.GracePeriodSeconds);
}
