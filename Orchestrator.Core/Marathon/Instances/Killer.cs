using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon.Events;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>
/// Kills tasks: so many at once that a large app does not flood the master, each again until its end is heard. Kills that are
/// under way when the host stops are found again: what is to be ended says so durably. An app may ask for time before, in which
/// balancers take the instance out:
/// <code>
/// runs ─ kill ─► draining ─ drainSeconds ─► waits ─► sent ─ its end is heard
///          └─ at once, not running, or unhealthy ──►┘
/// </code>
/// </summary>
internal sealed class Killer(ServicesState state)
{
    private static readonly TimeSpan s_underWay = TimeSpan.FromSeconds(1);
    private readonly Queue<(string TaskId, InstanceState Instance)> _waiting = new();
    private readonly PriorityQueue<(string TaskId, InstanceState Instance), DateTimeOffset> _draining = new();
    private readonly Dictionary<string, (InstanceState Instance, DateTimeOffset SentAt)> _sent = new(StringComparer.Ordinal);

    /// <summary>When a kill is sent again; null for never.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            DateTimeOffset? drained = _draining.TryPeek(out _, out var until) ? until : null;
            if (!state.Connected || _sent.Count == 0)
            {
                return drained;
            }

            var again = FirstSent + state.Options.KillRetryTimeout;
            return drained < again ? drained : again;
        }
    }

    private DateTimeOffset FirstSent
    {
        get
        {
            var first = DateTimeOffset.MaxValue;
            foreach (var (_, sentAt) in _sent.Values)
            {
                first = sentAt < first ? sentAt : first;
            }

            return first;
        }
    }

    /// <summary>
    /// Ends the instance's task, after the time to drain that its app asks for. Nothing happens when there is none, or when its end is
    /// already under way.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="atOnce">Without a drain; also ends one that is under way.</param>
    public void Kill(Turn turn, InstanceState instance, bool atOnce = false)
    {
        if (!instance.IsActive || (instance.IsBeingKilled && !(atOnce && instance.DrainingSince is not null)))
        {
            return;
        }

        instance.IsBeingKilled = true;
        if (atOnce || !MustDrain(instance))
        {
            _waiting.Enqueue((instance.TaskId, instance));
            return;
        }

        instance.DrainingSince = turn.Now;
        Storage.Store(turn, instance);
        Drain(instance);
        EventWriter.Draining(turn, instance);
        instance.Changed();
        state.Touch(instance.App);
    }

    /// <summary>It is being drained since before a restart.</summary>
    public void Drain(InstanceState instance)
    {
        instance.IsBeingKilled = true;
        _draining.Enqueue((instance.TaskId, instance), instance.DrainingSince!.Value.AddSeconds(instance.Spec.DrainSeconds ?? 0));
    }

    /// <summary>What does not serve has nobody to be drained of.</summary>
    private static bool MustDrain(InstanceState instance) => instance is { Spec.DrainSeconds: > 0, Condition: Condition.Running, DrainingSince: null } && instance.Healthy != false;

    /// <summary>Its task has ended or is another now.</summary>
    public void Ended(InstanceState instance)
    {
        instance.IsBeingKilled = false;
        instance.DrainingSince = null;
        _sent.Remove(instance.TaskId);
    }

    /// <summary>
    /// Its task was said to run after its kill was sent: the kill did not get there. Answers that were under way with the kill are
    /// let pass.
    /// </summary>
    public void StillRuns(Turn turn, InstanceState instance)
    {
        if (_sent.TryGetValue(instance.TaskId, out var kill) && kill.SentAt + s_underWay <= turn.Now)
        {
            Send(turn, instance.TaskId, instance);
        }
    }

    /// <summary>Whatever was sent may have been lost.</summary>
    public void SendAgain(Turn turn)
    {
        foreach (var (taskId, (instance, _)) in _sent.ToList())
        {
            Send(turn, taskId, instance);
        }
    }

    /// <summary>Sends what may be sent, and again what was not answered.</summary>
    public void Advance(Turn turn)
    {
        while (_draining.TryPeek(out var drained, out var until) && until <= turn.Now)
        {
            _draining.Dequeue();
            if (drained.Instance.DrainingSince is not null && drained.Instance.TaskId == drained.TaskId)
            {
                _waiting.Enqueue(drained);
            }
        }

        if (!state.Connected)
        {
            return;
        }

        if (_sent.Count > 0 && FirstSent + state.Options.KillRetryTimeout <= turn.Now)
        {
            foreach (var (taskId, (instance, sentAt)) in _sent.ToList())
            {
                if (sentAt + state.Options.KillRetryTimeout <= turn.Now)
                {
                    Send(turn, taskId, instance);
                }
            }
        }

        while (_sent.Count < state.Options.KillChunkSize && _waiting.TryDequeue(out var next))
        {
            // Ended, or relaunched, while it waited.
            if (next.Instance.IsBeingKilled && next.Instance.TaskId == next.TaskId)
            {
                Send(turn, next.TaskId, next.Instance);
            }
        }
    }

    /// <summary>Kills a task of which no instance is known.</summary>
    public static void KillUnknown(Turn turn, TaskStatus status) => turn.Effects.Send(new Call
    {
        Type = Call.Types.Type.Kill,
        Kill = new Call.Types.Kill { TaskId = status.TaskId, AgentId = status.AgentId },
    });

    private void Send(Turn turn, string taskId, InstanceState instance)
    {
        _sent[taskId] = (instance, turn.Now);
        foreach (var task in instance.LiveTaskIds)
        {
            SendKill(turn, task, instance);
        }
    }

    private static void SendKill(Turn turn, string taskId, InstanceState instance)
    {
        var kill = new Call.Types.Kill { TaskId = new TaskID { Value = taskId } };
        if (instance.AgentId.Length > 0)
        {
            kill.AgentId = new AgentID { Value = instance.AgentId };
        }

        if (instance.Spec.TaskKillGracePeriodSeconds is { } grace)
        {
            kill.KillPolicy = new KillPolicy { GracePeriod = new DurationInfo { Nanoseconds = (long)(grace * 1e9) } };
        }

        turn.Effects.Send(new Call { Type = Call.Types.Type.Kill, Kill = kill });
    }
}
