using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>A deployment that runs: its steps one after the other, the actions of a step side by side.</summary>
internal sealed class DeploymentState
{
    private readonly Dictionary<string, RunningAction> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ActionProgress> _progress = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AppDefinition?> _targets = [];
    private DeploymentView? _view;

    public required string Id { get; init; }

    public required DateTimeOffset Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required IReadOnlyList<AppChange> Changes
    {
        get;
        init
        {
            field = value;
            _targets = value.ToDictionary(change => change.AppId, change => change.After, StringComparer.Ordinal);
        }
    }

    public required IReadOnlyList<IReadOnlyList<DeploymentAction>> Steps
    {
        get;
        init
        {
            field = value;
            AffectedApps = [.. value.SelectMany(step => step).Select(action => action.AppId).Distinct()];
            Times = new StepTimes[value.Count];
        }
    }

    /// <summary>The deployment that this one takes back; null for none. It is never taken back by itself.</summary>
    public string? RollbackOf { get; init; }

    /// <summary>When each step was under way.</summary>
    public StepTimes[] Times { get; private init; } = [];

    /// <summary>Why it should have ended before; null when it is in time.</summary>
    public string? Late { get; set; }

    /// <summary>Index of the step under way; -1 before the first.</summary>
    public int Step { get; private set; } = -1;

    /// <summary>Actions of the step under way that have not ended.</summary>
    public int Unfinished { get; set; }

    /// <summary>What is remembered of each app.</summary>
    public IReadOnlyDictionary<string, ActionProgress> Progress => _progress;

    /// <summary>Apps that its steps touch.</summary>
    public IReadOnlyList<string> AffectedApps { get; private init; } = [];

    /// <summary>The definition that the deployment brings about; null when it deletes the app.</summary>
    public AppDefinition? TargetOf(string appId) => _targets[appId];

    /// <summary>What is remembered of an app.</summary>
    public ActionProgress ProgressOf(string appId)
    {
        if (!_progress.TryGetValue(appId, out var progress))
        {
            _progress[appId] = progress = new ActionProgress();
        }

        return progress;
    }

    /// <summary>Goes to the next step; false after the last.</summary>
    public bool MoveOn(DateTimeOffset now)
    {
        if (Step >= 0)
        {
            Times[Step] = Times[Step] with { Ended = Times[Step].Ended ?? now };
        }

        Step++;
        _running.Clear();
        _view = null;
        if (Step >= Steps.Count)
        {
            return false;
        }

        Times[Step] = Times[Step] with { Began = Times[Step].Began ?? now };
        return true;
    }

    /// <summary>An action of the step begins.</summary>
    public void Note(RunningAction running) => _running[running.Action.AppId] = running;

    /// <summary>Whether the view is out of date.</summary>
    public bool IsChanged => _view is null;

    /// <summary>The view is out of date.</summary>
    public void Changed() => _view = null;

    public DeploymentView ToView() => _view ??= new DeploymentView
    {
        Id = Id,
        Version = Version,
        StartedAt = StartedAt,
        AffectedApps = [.. AffectedApps],
        Steps = [.. Steps.Select(step => (IReadOnlyList<DeploymentActionView>)[.. step.Select(ViewOf)])],
        Times = [.. Times.Select(times => new DeploymentStepTimes(times.Began, times.Ended))],
        CurrentStep = Step + 1,
        RollbackOf = RollbackOf,
        Late = Late,
        Failures = _progress.Values.Sum(progress => progress.Failures),
    };

    /// <summary>Whether it is about a pod.</summary>
    public bool IsPod(string appId) => Changes.FirstOrDefault(change => change.AppId == appId) is { } change && (change.After ?? change.Before)?.Pod is not null;

    /// <summary><c>ScaleApplication</c>, of a pod <c>ScalePod</c>.</summary>
    public string NameOf(DeploymentAction action) => IsPod(action.AppId) ? action.Kind.ToString().Replace("Application", "Pod", StringComparison.Ordinal) : action.Kind.ToString();

    private DeploymentActionView ViewOf(DeploymentAction action)
    {
        var running = _running.GetValueOrDefault(action.AppId) is { } known && ReferenceEquals(known.Action, action) ? known : null;
        return new DeploymentActionView(NameOf(action), action.AppId) { IsPod = IsPod(action.AppId), Phase = running?.Phase, Deadline = running?.Deadline };
    }
}
