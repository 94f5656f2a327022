using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon.Deployments;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>
/// Asks the master about tasks: about all at each subscription and from time to time, about those that nothing was heard of
/// again and again, less often each time. The master says nothing of a task while its agent may still bring it. Questions go
/// out in portions, so that the answers about a very large cluster leave room for everything else.
/// </summary>
internal sealed class Reconciler(ServicesState state, Killer killer)
{
    /// <summary>Tasks of one call.</summary>
    public const int MaxTasksPerCall = 1000;

    /// <summary>Tasks of one portion.</summary>
    public const int MaxTasksPerPortion = 2000;

    /// <summary>Pause between two portions.</summary>
    public static readonly TimeSpan PortionPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Pause between looks for tasks that are overdue.</summary>
    public static readonly TimeSpan OverdueInterval = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause between questions for what was not heard of: agents that return late are known soon after.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);

    // Bounded by twice the tasks: one round, and one question that is only asked when nothing waits.
    private readonly Queue<(InstanceState Instance, bool OnlyUnconfirmed)> _toAsk = new();
    private bool _asksAll;
    private DateTimeOffset _nextPortion;
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
            if (_toAsk.Count > 0)
            {
                due = _nextPortion < due ? _nextPortion : due;
            }
            else if (state.Unconfirmed.Count > 0 && _nextQuestion < due)
            {
                due = _nextQuestion;
            }

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

        _toAsk.Clear();
        Enqueue(state.Unconfirmed, onlyUnconfirmed: true);
        (_asksAll, _nextPortion, _pause) = (true, turn.Now, s_firstPause);
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
            Enqueue(state.Tasks.Values.Distinct(), onlyUnconfirmed: false);
            _asksAll = true;
        }

        if (state.Unconfirmed.Count == 0)
        {
            _pause = s_firstPause;
            _nextQuestion = turn.Now + _pause;
        }
        else if (_nextQuestion <= turn.Now && _toAsk.Count == 0)
        {
            // What was launched a moment ago will be heard of without a question.
            // Agents are coming back: those that came since the last question are waited for no longer than need be.
            _pause = state.Unconfirmed.Count < _unconfirmed ? s_firstPause : _pause;
            _unconfirmed = state.Unconfirmed.Count;
            Enqueue(state.Unconfirmed.Where(instance => !instance.IsConfirmed || instance.Condition != Condition.Provisioned || instance.Since + state.Options.ReconciliationInitialDelay <= turn.Now), onlyUnconfirmed: true);
            _pause = _pause + _pause < MaxPause ? _pause + _pause : MaxPause;
            _nextQuestion = turn.Now + _pause;
        }

        AskPortion(turn);
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

    private void Enqueue(IEnumerable<InstanceState> instances, bool onlyUnconfirmed)
    {
        foreach (var instance in instances)
        {
            _toAsk.Enqueue((instance, onlyUnconfirmed));
        }
    }

    /// <summary>Asks for the next of those that wait, leaving out what was heard of, or is gone, since it was to be asked for.</summary>
    private void AskPortion(Turn turn)
    {
        if (_toAsk.Count > 0 && _nextPortion <= turn.Now)
        {
            var portion = new List<InstanceState>();
            while (portion.Count < MaxTasksPerPortion && _toAsk.TryDequeue(out var next))
            {
                if (state.Tasks.GetValueOrDefault(next.Instance.TaskId) == next.Instance && (!next.OnlyUnconfirmed || state.Unconfirmed.Contains(next.Instance)))
                {
                    portion.Add(next.Instance);
                }
            }

            Ask(turn, portion);
            _nextPortion = turn.Now + PortionPause;
            _nextQuestion = _toAsk.Count == 0 && _nextQuestion < turn.Now + _pause ? turn.Now + _pause : _nextQuestion;
        }

        if (_toAsk.Count == 0 && _asksAll)
        {
            _asksAll = false;
            AskAll(turn);
        }
    }

    private static void Ask(Turn turn, IEnumerable<InstanceState> instances)
    {
        foreach (var chunk in instances.Chunk(MaxTasksPerCall))
        {
            var reconcile = new Call.Types.Reconcile();
            foreach (var instance in chunk)
            {
                foreach (var task in instance.LiveTaskIds)
                {
                    reconcile.Tasks.Add(new Call.Types.Reconcile.Types.Task { TaskId = new TaskID { Value = task }, AgentId = new AgentID { Value = instance.AgentId } });
                }
            }

            turn.Effects.Send(new Call { Type = Call.Types.Type.Reconcile, Reconcile = reconcile });
        }
    }

    /// <summary>An empty list asks for everything that the master has, also what is not known here.</summary>
    private static void AskAll(Turn turn) => turn.Effects.Send(new Call { Type = Call.Types.Type.Reconcile, Reconcile = new Call.Types.Reconcile() });
}
