using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>
/// Kills tasks: so many at once that a large app does not flood the master, each again until its end is heard. Kills that are
/// under way when the host stops are found again: what is to be ended says so durably.
/// </summary>
internal sealed class Killer(ServicesState state)
{
    private readonly Queue<(string TaskId, InstanceState Instance)> _waiting = new();
    private readonly Dictionary<string, (InstanceState Instance, DateTimeOffset SentAt)> _sent = new(StringComparer.Ordinal);

    /// <summary>When a kill is sent again; null for never.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            if (!state.Connected || _sent.Count == 0)
            {
                return null;
            }

            var first = DateTimeOffset.MaxValue;
            foreach (var (_, sentAt) in _sent.Values)
            {
                first = sentAt < first ? sentAt : first;
            }

            return first + state.Options.KillRetryTimeout;
        }
    }

    /// <summary>Ends the instance's task. Nothing happens when there is none, or when its end is already under way.</summary>
    public void Kill(InstanceState instance)
    {
        if (instance.IsActive && !instance.IsBeingKilled)
        {
            instance.IsBeingKilled = true;
            _waiting.Enqueue((instance.TaskId, instance));
        }
    }

    /// <summary>Its task has ended or is another now.</summary>
    public void Ended(InstanceState instance)
    {
        instance.IsBeingKilled = false;
        _sent.Remove(instance.TaskId);
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
        if (!state.Connected)
        {
            return;
        }

        if (NextDue <= turn.Now)
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
