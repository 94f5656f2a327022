using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>
/// The one place where instances come, change and go: keeps the indexes, the journal and the events in step.
/// <see cref="Conditions"/> draws the way of an instance.
/// </summary>
internal sealed class InstanceBook(ServicesState state, Killer killer)
{
    /// <summary>Adds an instance that waits for an offer; one that is kept with its data comes back first.</summary>
    public void Add(Turn turn, AppState app, AppDefinition spec, OrdinalSource ordinals, Colour? colour = null)
    {
        if (app.Instances.Find(instance => instance.IsParked) is { } kept)
        {
            Resume(turn, kept, spec);
            return;
        }

        var part = PathId.ToIdPart(app.Id);
        string id;
        do
        {
            id = $"{part}.instance-{state.Random.NextGuid()}";
        }
        while (state.Instances.ContainsKey(id));

        var instance = new InstanceState(id, app, spec, turn.Now) { Ordinal = ordinals.Next(), Colour = colour ?? app.ActiveColour };
        state.Instances.Add(id, instance);
        app.Instances.Add(instance);
        EnterQueue(turn, instance);
        Storage.Store(turn, instance);
        EventWriter.InstanceChanged(turn, instance, Condition.Scheduled);
        Touch(instance);
    }

    /// <summary>Puts back what the journal holds.</summary>
    public void Restore(InstanceState instance)
    {
        state.Instances.Add(instance.Id, instance);
        instance.App.Instances.Add(instance);
        if (instance.IsParked)
        {
            return;
        }

        if (instance.Condition == Condition.Scheduled)
        {
            instance.App.Waiting.Add(instance);
            instance.App.WaitingSince = Earlier(instance.App.WaitingSince, instance.Since);
            state.Waiting.Add(instance.App);
        }
        else
        {
            AddTasks(instance);
            instance.IsConfirmed = false;
            instance.AwaitsHealth = instance is { Condition: Condition.Running, Healthy: null } && instance.Spec.HealthChecks.Count > 0;
            state.Unconfirmed.Add(instance);
            Index(instance);
            if (instance.DrainingSince is not null)
            {
                killer.Drain(instance);
            }
        }
    }

    /// <summary>It is launched on an offer: durable before the launch leaves.</summary>
    public void Launched(Turn turn, InstanceState instance)
    {
        LeaveQueue(turn, instance);
        instance.StagedAt = turn.Now;
        instance.ResetContainers(turn.Now);
        AddTasks(instance);
        state.Unconfirmed.Add(instance);
        Change(turn, instance, Condition.Provisioned);
    }

    /// <summary>The condition is another.</summary>
    public void Change(Turn turn, InstanceState instance, Condition condition)
    {
        (instance.Condition, instance.Since) = (condition, turn.Now);
        Index(instance);
        Storage.Store(turn, instance);
        EventWriter.InstanceChanged(turn, instance, condition);
        Touch(instance);
    }

    /// <summary>Its task has ended: it waits again for an offer, or is forgotten.</summary>
    public void Ended(Turn turn, InstanceState instance, Condition condition)
    {
        EventWriter.InstanceChanged(turn, instance, condition);
        var app = instance.App;
        if (app.Owner is { } owner && !instance.IsDecommissioned)
        {
            owner.HookOutcome = condition;
        }

        var isOld = instance.Spec.LastConfigChangeAt != app.Driven.LastConfigChangeAt;
        var isKept = app.Action?.Keeps(instance) == true;
        instance.IsStopped |= isOld && !isKept && instance.Reservation is not null;
        if (instance.IsDecommissioned || app.IsRemoved || app.Owner is not null || (isOld && !isKept && !instance.IsStopped))
        {
            Remove(turn, instance);
            return;
        }

        LeaveTask(instance);
        (instance.AgentId, instance.Host, instance.Ports, instance.IpAddresses) = ("", "", [], []);
        (instance.StagedAt, instance.StartedAt) = (null, null);
        instance.Attributes = new Dictionary<string, string>();
        instance.Spec = isOld || instance.IsStopped ? instance.Spec : app.Driven;
        instance.Health = new HealthState?[instance.Spec.HealthChecks.Count];
        (instance.IsConfirmed, instance.AwaitsHealth) = (true, false);
        (instance.WasReady, instance.LastReadiness) = (false, null);
        if (!instance.IsStopped)
        {
            EnterQueue(turn, instance);
        }

        Change(turn, instance, Condition.Scheduled);
    }

    /// <summary>
    /// It is not wanted now. One that keeps data on an agent is stopped, and comes back to its data when one more is wanted; others
    /// are forgotten.
    /// </summary>
    public void Dismiss(Turn turn, InstanceState instance)
    {
        if (instance.Reservation is null || instance.IsDecommissioned || instance.App.IsRemoved)
        {
            Decommission(turn, instance);
            return;
        }

        if (instance.Condition == Condition.Scheduled && !instance.IsStopped)
        {
            LeaveQueue(turn, instance);
        }

        if (!instance.IsStopped)
        {
            instance.IsStopped = true;
            Storage.Store(turn, instance);
            EventWriter.InstanceChanged(turn, instance, instance.Condition);
            Touch(instance);
        }

        killer.Kill(turn, instance);
    }

    /// <summary>It is to end and be forgotten. One that cannot be reached is forgotten at once: its task dies when it returns.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="atOnce">Without a drain.</param>
    public void Decommission(Turn turn, InstanceState instance, bool atOnce = false)
    {
        if (!instance.IsActive || instance.Condition is Condition.Unreachable or Condition.UnreachableInactive)
        {
            Remove(turn, instance);
            return;
        }

        if (!instance.IsDecommissioned)
        {
            instance.IsDecommissioned = true;
            Storage.Store(turn, instance);
            EventWriter.InstanceChanged(turn, instance, instance.Condition);
            Touch(instance);
        }

        killer.Kill(turn, instance, atOnce);
    }

    /// <summary>Forgets it, whatever its task does.</summary>
    public void Remove(Turn turn, InstanceState instance)
    {
        if (instance.Condition != Condition.Scheduled)
        {
            LeaveTask(instance);
        }
        else if (!instance.IsStopped)
        {
            LeaveQueue(turn, instance);
        }

        if (instance.Reservation is { } kept)
        {
            // Its volumes are destroyed with the next offer that shows them.
            state.Release(instance.Id, kept.AgentId);
        }

        state.Instances.Remove(instance.Id);
        instance.App.Instances.Remove(instance);
        Storage.Forget(turn, instance);
        if (instance.App.Owner is { } owner)
        {
            owner.Hook = null;
            owner.HookOutcome ??= instance.IsDecommissioned ? null : instance.Condition;
        }

        Touch(instance);

        // A machine that a placement rule closed may be open again.
        state.WantsOffers |= instance.App.Waiting.Count > 0;
    }

    /// <summary>Equal configuration under another version: it is taken for the new one without a restart.</summary>
    public void Adopt(Turn turn, InstanceState instance, AppDefinition spec)
    {
        instance.Spec = spec;
        Storage.Store(turn, instance);
        Touch(instance);
    }

    /// <summary>The view is out of date and the app may have to be looked at.</summary>
    public void Touch(InstanceState instance)
    {
        instance.Changed();
        state.Touch(instance.App);
    }

    /// <summary>The master has spoken of it.</summary>
    public void Confirm(InstanceState instance)
    {
        if (state.Unconfirmed.Remove(instance) && !instance.IsConfirmed)
        {
            instance.IsConfirmed = true;
            Touch(instance);
        }
    }

    /// <summary>Remembers why a task of the app failed.</summary>
    public void NoteFailure(Turn turn, InstanceState instance, string taskState, string message)
    {
        var failure = new TaskFailureView(instance.App.Id, instance.Host, message, taskState, instance.TaskId, turn.Now, instance.Spec.Version, instance.AgentId);
        var app = instance.App.Owner ?? instance.App;
        app.LastFailure = failure;
        if (!app.IsRemoved)
        {
            Storage.Store(turn, app.Id, failure);
        }

        state.Show(app);
    }

    private void Resume(Turn turn, InstanceState instance, AppDefinition spec)
    {
        instance.IsStopped = false;
        instance.Spec = spec;
        instance.Health = new HealthState?[spec.HealthChecks.Count];
        EnterQueue(turn, instance);
        Change(turn, instance, Condition.Scheduled);
    }

    private void EnterQueue(Turn turn, InstanceState instance)
    {
        instance.App.Waiting.Add(instance);
        instance.App.NoteWaiting(turn.Now);
        state.Waiting.Add(instance.App);
        state.WantsOffers = true;
    }

    private void LeaveQueue(Turn turn, InstanceState instance)
    {
        var waiting = instance.App.Waiting;
        var index = waiting.LastIndexOf(instance);
        waiting[index] = waiting[^1];
        waiting.RemoveAt(waiting.Count - 1);
        instance.App.NoteWaiting(turn.Now);
        if (waiting.Count == 0)
        {
            state.Waiting.Remove(instance.App);
        }
    }

    private void AddTasks(InstanceState instance)
    {
        foreach (var task in instance.TaskIds)
        {
            state.Tasks.Add(task, instance);
        }
    }

    private void LeaveTask(InstanceState instance)
    {
        killer.Ended(instance);
        foreach (var task in instance.TaskIds)
        {
            state.Tasks.Remove(task);
        }

        state.Launching.Remove(instance);
        state.Unreachable.Remove(instance);
        state.Unconfirmed.Remove(instance);
    }

    private void Index(InstanceState instance)
    {
        if (instance.Condition is Condition.Provisioned or Condition.Staging or Condition.Starting)
        {
            state.Launching.Add(instance);
        }
        else
        {
            state.Launching.Remove(instance);
        }

        if (instance.Condition is Condition.Unreachable or Condition.UnreachableInactive)
        {
            state.Unreachable.Add(instance);
        }
        else
        {
            state.Unreachable.Remove(instance);
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset? a, DateTimeOffset b) => a is { } known && known < b ? known : b;
}
