using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>A deployment that runs: its steps one after the other, the actions of a step side by side.</summary>
internal sealed class DeploymentState
{
    private DeploymentView? _view;

    public required string Id { get; init; }

    public required DateTimeOffset Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required IReadOnlyList<AppChange> Changes { get; init; }

    public required IReadOnlyList<IReadOnlyList<DeploymentAction>> Steps { get; init; }

    /// <summary>Index of the step under way; -1 before the first.</summary>
    public int Step { get; private set; } = -1;

    /// <summary>Actions of the step under way that have not ended.</summary>
    public int Unfinished { get; set; }

    /// <summary>Apps that its steps touch.</summary>
    public IEnumerable<string> AffectedApps => Steps.SelectMany(step => step).Select(action => action.AppId).Distinct();

    /// <summary>The definition that the deployment brings about; null when it deletes the app.</summary>
    public AppDefinition? TargetOf(string appId) => Changes.First(change => change.AppId == appId).After;

    /// <summary>Goes to the next step; false after the last.</summary>
    public bool MoveOn()
    {
        Step++;
        _view = null;
        return Step < Steps.Count;
    }

    public DeploymentView ToView() => _view ??= new DeploymentView
    {
        Id = Id,
        Version = Version,
        StartedAt = StartedAt,
        AffectedApps = [.. AffectedApps],
        Steps = [.. Steps.Select(step => (IReadOnlyList<DeploymentActionView>)[.. step.Select(action => new DeploymentActionView(action.Kind.ToString(), action.AppId))])],
        CurrentStep = Step + 1,
    };
}
