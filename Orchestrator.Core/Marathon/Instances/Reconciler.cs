using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon.Deployments;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>
/// Asks the master about tasks: about all at each subscription and from time to time, about those that nothing was heard of
/// again and again, less often each time. The master says nothing of a task while its agent may still bring it.
/// </summary>
internal sealed class Reconciler(ServicesState state, Killer killer)
{
    /// <summary>Tasks of one call.</summary>
    public const int MaxTasksPerCall = 1000;

    /// <summary>Pause between looks for tasks that are overdue.</summary>
    public static readonly TimeSpan OverdueInterval = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause between questions for what was not heard of: agents that return late are known soon after.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private TimeSpan _pause = s_firstPause;
    private int _unconfirmed;
    private DateTimeOffset? _nextQuestion;
    private DateTimeOffset? _nextRound;
    private DateTimeOffset? _nextOverdue;

    /// <summary>When something is to be asked or looked at; null for never.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            if (!state.Connected)
            {
                return null;
            }

            var due = _nextRound;
            due = state.Unconfirmed.Count > 0 && _nextQuestion < due ? _nextQuestion : due;
            return state.Launching.Count > 0 && _nextOverdue < due ? _nextOverdue : due;
        }
    }

    /// <summary>A subscription began: whatever was said before may have been missed.</summary>
    public void Subscribed(Turn turn)
    {
        foreach (var instance in state.Tasks.Values)
        {
            state.Unconfirmed.Add(instance);
        }

        Ask(turn, state.Unconfirmed);
        AskAll(turn);
        _pause = s_firstPause;
        _unconfirmed = state.Unconfirmed.Count;
        _nextQuestion = turn.Now + _pause;
        _nextRound = turn.Now + state.Options.ReconciliationInitialDelay;
        _nextOverdue = turn.Now + OverdueInterval;
    }

    /// <summary>Asks what is due, and ends tasks that do not get to run.</summary>
    public void Advance(Turn turn)
    {
        if (!state.Connected)
        {
            return;
        }

        if (_nextRound <= turn.Now)
        {
            _nextRound = turn.Now + state.Options.ReconciliationInterval;
            Ask(turn, state.Tasks.Values);
            AskAll(turn);
        }

        if (state.Unconfirmed.Count == 0)
        {
            _pause = s_firstPause;
            _nextQuestion = turn.Now + _pause;
        }
        else if (_nextQuestion <= turn.Now)
        {
            // What was launched a moment ago will be heard of without a question.
            // Agents are coming back: those that came since the last question are waited for no longer than need be.
            _pause = state.Unconfirmed.Count < _unconfirmed ? s_firstPause : _pause;
            _unconfirmed = state.Unconfirmed.Count;
            Ask(turn, state.Unconfirmed.Where(instance => !instance.IsConfirmed || instance.Condition != Condition.Provisioned || instance.Since + state.Options.ReconciliationInitialDelay <= turn.Now));
            _pause = _pause + _pause < MaxPause ? _pause + _pause : MaxPause;
            _nextQuestion = turn.Now + _pause;
        }

        if (_nextOverdue <= turn.Now)
        {
            _nextOverdue = turn.Now + OverdueInterval;
            foreach (var instance in state.Launching)
            {
                if (instance.StagedAt + state.Options.TaskLaunchTimeout <= turn.Now && !instance.IsBeingKilled)
                {
                    FailureBudget.Note(turn, instance);
                    killer.Kill(turn, instance);
                }
            }
        }
    }

    private static void Ask(Turn turn, IEnumerable<InstanceState> instances)
    {
        foreach (var chunk in instances.Chunk(MaxTasksPerCall))
        {
            var reconcile = new Call.Types.Reconcile();
            foreach (var instance in chunk)
            {
                reconcile.Tasks.Add(new Call.Types.Reconcile.Types.Task { TaskId = new TaskID { Value = instance.TaskId }, AgentId = new AgentID { Value = instance.AgentId } });
            }

            turn.Effects.Send(new Call { Type = Call.Types.Type.Reconcile, Reconcile = reconcile });
        }
    }

    /// <summary>An empty list asks for everything that the master has, also what is not known here.</summary>
    private static void AskAll(Turn turn) => turn.Effects.Send(new Call { Type = Call.Types.Type.Reconcile, Reconcile = new Call.Types.Reconcile() });
}
